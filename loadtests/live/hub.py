"""Our hub as a server of the fan-out task: pump, room, outlet and protocol of production, fed from a Redis channel.

python -m loadtests.live.hub raw|portable PORT REDIS_URL
"""

import asyncio
import sys
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct
from redis.asyncio import Redis
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from loadtests.live.task import CHANNEL
from realtime.portable import PortableOutlet
from realtime.pump import Pump
from realtime.room import Room
from realtime.server import calm
from realtime.socket import DOOR, LiveProtocol, RawOutlet


class _Numbered(Struct):
    n: int


class Server:
    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._pump, self._room = Pump(), Room(("bench:all", "en", "desk"), 0)
        self._number = msgspec.json.Decoder(_Numbered).decode

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._hold(scope, receive, send)
        elif scope["type"] == "http":
            headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok"})

    async def _hold(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        outlet: Any
        if self._kind == "raw":
            outlet = RawOutlet(scope["extensions"][DOOR]["protocol"])
        else:
            outlet = PortableOutlet(send, lambda _code: asyncio.sleep(0))
        place = object()
        self._room.enter(place, outlet)
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            self._room.leave(place)
            outlet.cut()

    async def listen(self, redis_url: str) -> None:
        async with Redis.from_url(redis_url) as redis, redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            async for message in channel.listen():
                if message["type"] == "message":
                    self._pump.send(self._room, message["data"], self._number(message["data"]).n)


async def main(kind: str, port: int, redis_url: str) -> None:
    server = Server(kind)
    config = uvicorn.Config(
        server, port=port, loop="uvloop", lifespan="off", access_log=False, log_level="error", backlog=4096,
        ws=LiveProtocol if kind == "raw" else WebSocketsSansIOProtocol, ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    listening = asyncio.create_task(server.listen(redis_url))
    calm()
    await uvicorn.Server(config).serve()
    listening.cancel()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
