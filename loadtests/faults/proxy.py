"""Links that can fail: a small TCP proxy for each, in one process that is told over a Unix socket what to do."""

import asyncio
import contextlib
import json
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import uvloop
from msgspec import Struct

CHUNK = 65_536
_RESET = struct.pack("ii", 1, 0)
SLOW_CHUNK, SLOW_PAUSE_S = 4_096, 0.05


class Link(Struct, frozen=True):
    """Whoever connects to `port` reaches `target`, while the link holds."""

    name: str
    port: int
    target: int


class Proxy:
    """One link. Modes of what it does to bytes and to newcomers:

    ok; slow (80 kB/s each way and connection); blackhole (held until the mode ends, newcomers too);
    refuse (nobody listens, and what was open is aborted). `cut` aborts what is open, `swallow` makes what is open
    a line on which nothing arrives any more and nobody says so; both leave newcomers alone.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self.port = link.port
        self._server: asyncio.Server | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._slow = False
        self._lines: set[Line] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self._link.port, limit=CHUNK, backlog=512)

    async def stop(self) -> None:
        await self.turn("refuse")
        while self._lines:
            self._open.set()
            await asyncio.sleep(0.01)

    async def turn(self, mode: str) -> None:
        if mode in ("cut", "refuse"):
            for line in list(self._lines):
                line.cut()
        if mode == "swallow":
            for line in self._lines:
                line.swallows = True
        if mode == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
        if mode != "refuse" and self._server is None:
            await self.start()
        if mode == "blackhole":
            self._open.clear()
        elif mode != "swallow":
            self._open.set()
        self._slow = mode == "slow"

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(writer)
        self._lines.add(line)
        try:
            await self._open.wait()
            with contextlib.suppress(OSError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._link.target, limit=CHUNK)
                line.writers.append(far_writer)
                ways = [
                    asyncio.create_task(self._carry(line, reader, far_writer)),
                    asyncio.create_task(self._carry(line, far_reader, writer)),
                ]
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            self._lines.discard(line)
            line.end()

    async def _carry(self, line: "Line", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(SLOW_CHUNK if self._slow else CHUNK):
                await self._open.wait()
                if line.swallows:
                    continue
                if self._slow:
                    await asyncio.sleep(SLOW_PAUSE_S)
                writer.write(data)
                await writer.drain()
            await self._open.wait()
            if line.swallows:
                await line.dead.wait()


class Line:
    """One connection through a link."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writers = [writer]
        self.swallows = False
        self.dead = asyncio.Event()

    def cut(self) -> None:
        """With a reset, and whatever was on its way is lost."""
        self.dead.set()
        for writer in self.writers:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()

    def end(self) -> None:
        """As either side has ended it: what was said before still arrives."""
        for writer in self.writers:
            writer.close()


def tell(control: Path, link: str, mode: str) -> None:
    """Turn `link` to `mode`; returns when it is done."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.settimeout(5)
        talk.connect(str(control))
        talk.sendall(json.dumps([link, mode]).encode() + b"\n")
        if talk.recv(8) != b"done\n":
            raise RuntimeError(f"the proxy did not turn {link} to {mode}")


async def main(control: Path, links: list[dict[str, Any]]) -> None:
    proxies = {link["name"]: Proxy(Link(**link)) for link in links}
    for proxy in proxies.values():
        await proxy.start()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link, mode = json.loads(await reader.readline())
        await proxies[link].turn(mode)
        writer.write(b"done\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(listen, control) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(Path(os.environ["BENCH_DIR"]) / "proxy.sock", json.loads(sys.argv[1])))
