"""Litestar's own Channels over Redis, with the handler that the plugin makes itself.

python server.py PORT REDIS_URL
"""

import sys

import uvicorn
from litestar import Litestar
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.redis import RedisChannelsPubSubBackend
from redis.asyncio import Redis

backend = RedisChannelsPubSubBackend(redis=Redis.from_url(sys.argv[2]))
channels = ChannelsPlugin(backend, channels=["bench"], create_ws_route_handlers=True, ws_handler_base_path="/")
app = Litestar([], plugins=[channels], openapi_config=None)

if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="websockets-sansio", access_log=False,
        log_level="error", ws_per_message_deflate=False, backlog=4096, timeout_graceful_shutdown=1,
    )  # fmt: skip
