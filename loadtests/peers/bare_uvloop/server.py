"""The limit: no framework at all. A handshake, then one `write` of a finished frame per socket and message.

python server.py PORT REDIS_URL
"""

import asyncio
import base64
import hashlib
import sys

import uvloop
from redis.asyncio import Redis

_ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
writers: dict[object, object] = {}


class Socket(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self not in writers:
            key = data.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
            accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
            write = self.transport.write  # type: ignore[attr-defined]
            write(_ANSWER % accept)
            writers[self] = write

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        writers.pop(self, None)


async def main(port: int, redis_url: str) -> None:
    await asyncio.get_running_loop().create_server(Socket, "127.0.0.1", port, backlog=4096)
    async with Redis.from_url(redis_url) as redis, redis.pubsub() as channel:
        await channel.subscribe("bench")
        async for message in channel.listen():
            if message["type"] == "message":
                data = message["data"]
                frame = b"\x81\x7e" + len(data).to_bytes(2, "big") + data
                for write in writers.values():
                    write(frame)  # type: ignore[operator]


uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
