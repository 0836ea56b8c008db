"""A channel of Redis as one process hears it: pinged, and left for a new subscription when it falls silent."""

import asyncio
import time
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from app.core.supervised import Loop

_PING_S = 3.0
_SILENT_S = 8.0

AWAY = (RedisError, OSError, TimeoutError, RuntimeError)
"""What rises where Redis is out of reach. RuntimeError: uvloop's word for writing to a connection closed meanwhile."""


def client(redis_url: str | None) -> Redis:
    assert redis_url is not None  # noqa: S101 - who has no Redis starts no loop that asks for it
    made: Redis = Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=2, socket_keepalive=True)
    return made


async def follow(
    redis: Redis, channel: str, loop: Loop, *, ready: Callable[[], None], hear: Callable[[bytes], None]
) -> None:
    """Call `ready` once subscribed and `hear` with every message, until the connection fails: then it raises.

    Both must be quick and must not raise. What was published before `ready` is not heard.
    """
    async with redis, redis.pubsub() as pubsub:
        await pubsub.subscribe(channel)
        heard_at = asked_at = time.monotonic()
        while True:
            message = await pubsub.get_message(timeout=1.0)
            now = time.monotonic()
            if message is not None:
                heard_at = now
                if message["type"] == "subscribe":
                    ready()
                elif message["type"] == "message":
                    hear(message["data"])
            elif now - heard_at > _SILENT_S:
                # A frozen server or a cut link says nothing: without this the loop would wait for ever.
                raise RedisConnectionError("subscription fell silent")
            if now - asked_at > _PING_S:
                asked_at = now
                async with asyncio.timeout(2):
                    await pubsub.ping()
            loop.beat()
