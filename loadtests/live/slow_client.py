"""The load client where there is no C compiler: the same words in and out, at several times the cost.

    python -m loadtests.live.slow_client --port 8080 --path /live --sockets 100 …

It takes so much of a core itself that what it measures says little about the server.
"""

import argparse
import asyncio
import contextlib
import itertools
import sys
import time
from pathlib import Path
from typing import Any

import uvloop
import websockets
from websockets.asyncio.client import ClientConnection, connect

_TOGETHER = 50


class Sockets:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.key, self.mark, self.bad = options.key, options.mark, options.bad
        self.headers = Path(options.headers).read_text().splitlines() if options.headers else []
        self.found: dict[int, list[int]] = {}
        self.messages = self.bytes = self.gone = self.disorder = self.bads = self.inside = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count()
        self._gate = asyncio.Semaphore(_TOGETHER)

    async def grow(self, wanted: int) -> None:
        began = time.monotonic_ns()
        joined = [asyncio.Event() for _ in range(wanted - self.inside - self.gone)]
        for event in joined:
            task = asyncio.create_task(self._hold(next(self._numbers), event))
            self._tasks.add(task)
        for event in joined:
            await event.wait()
        tell("open", self.inside, time.monotonic_ns() - began)

    async def _hold(self, number: int, joined: asyncio.Event) -> None:
        options = self.options
        named = dict([self.headers[number % len(self.headers)].split(": ", 1)]) if self.headers else {}
        with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
            async with self._gate:
                socket = await connect(
                    f"ws://127.0.0.1:{options.port}{options.path}", additional_headers=named, compression=None,
                    origin=f"http://127.0.0.1:{options.port}", ping_interval=None, max_queue=None, open_timeout=30,
                )  # type: ignore[arg-type]  # fmt: skip
                last = await self._join(socket)
            self.inside += 1
            joined.set()
            if number < options.stuck:
                await asyncio.Event().wait()
            await self._read(socket, last)
        self.inside -= joined.is_set()
        self.gone += 1
        joined.set()
        tell("gone", self.gone)

    async def _join(self, socket: ClientConnection) -> int:
        """Until it is in; the number it is in at."""
        while self.options.socketio:
            text = str(await socket.recv())
            if text.startswith("0"):
                await socket.send("40")
            if text.startswith("40"):
                return -1
        while self.options.wait_for_first:
            number = self._number(str(await socket.recv()))
            if number is not None:
                return number
        return -1

    def _number(self, text: str) -> int | None:
        _, found, rest = text.partition(self.key)
        digits = "".join(itertools.takewhile(str.isdigit, rest[:20]))
        return int(digits) if found and digits else None

    async def _read(self, socket: ClientConnection, last: int) -> None:
        async for told in socket:
            at, text = time.monotonic_ns(), str(told)
            self.bytes += len(text)
            if self.options.socketio and text == "2":
                await socket.send("3")
            number = self._number(text)
            if number is None:
                continue
            self.messages += 1
            self.disorder += number <= last
            last = number
            self.bads += bool(self.bad and self.bad in text)
            row = self.found.setdefault(number, [0, at, at, text.count(self.mark) if self.mark else 0])
            row[0] += 1
            row[2] = at
            if row[0] == self.inside - self.options.stuck:
                tell("done", number, row[1], at)

    def table(self) -> None:
        for number in sorted(self.found):
            tell("row", number, *self.found[number])
        tell("end", self.messages, self.bytes, self.gone, self.disorder, self.bads)


def tell(*words: Any) -> None:
    print(*words, flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("path", "/"), ("key", '"n":'), ("mark", ""), ("bad", ""), ("headers", "")):
        parser.add_argument(f"--{name}", default=default)
    for name in ("port", "sockets", "stuck"):
        parser.add_argument(f"--{name}", type=int, default=0)
    parser.add_argument("--wait-for-first", action="store_true")
    parser.add_argument("--socketio", action="store_true")
    options = parser.parse_args()
    sockets = Sockets(options)
    heard = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    growing = asyncio.create_task(sockets.grow(options.sockets))
    async for line in heard:
        word, _, figure = line.decode().strip().partition(" ")
        if word == "grow":
            await growing
            growing = asyncio.create_task(sockets.grow(int(figure)))
        elif word == "table":
            sockets.table()
        elif word == "quit":
            return


if __name__ == "__main__":
    uvloop.run(main())
