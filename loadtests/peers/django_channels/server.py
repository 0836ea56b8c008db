"""Django Channels over its Redis pub/sub layer, the faster of its two, served by uvicorn.

python server.py PORT REDIS_URL
"""

import sys

import django
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="bench",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [sys.argv[2]]}}
    },
)
django.setup()


class Screen(AsyncWebsocketConsumer):
    groups = ("bench",)

    async def tell(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


app = ProtocolTypeRouter({"websocket": URLRouter([path("bench", Screen.as_asgi())])})

if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="websockets-sansio", access_log=False,
        log_level="error", ws_per_message_deflate=False, backlog=4096, lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip
