"""Listeners of the live socket that reconnect with their position and hold the hub to its word."""

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection, connect

from app.core.feeds import Position

Opening = Callable[[str], AbstractAsyncContextManager[ClientConnection]]
"""Opens a socket with this query string, wherever the listener may connect to."""

BEATS_OF_PATIENCE = 2.5
"""As the browser module: nothing heard for so many heartbeats means that the line is dead without saying so."""

_ROW = re.compile(r'<li id="[a-z]+-([0-9a-f-]{36})"[^>]*><b>([^<]*)</b>')
_GONE = re.compile(r'hx-target="#[a-z]+-([0-9a-f-]{36})" hx-swap="delete"')
_PAUSE_S = (0.02, 0.2)
_LONGEST_PAUSE_S = 1.0


class Pauses:
    """Between tries to connect, longer each time: a crowd that hammers a starting server keeps it from starting."""

    def __init__(self) -> None:
        self._failed = 0

    def connected(self) -> None:
        self._failed = 0

    async def rest(self) -> None:
        await asyncio.sleep(min(_LONGEST_PAUSE_S, random.uniform(*_PAUSE_S) * 1.5 ** min(self._failed, 10)))
        self._failed += 1


@contextlib.asynccontextmanager
async def opened(port: int, query: str = "", **headers: str) -> AsyncIterator[ClientConnection]:
    async with connect(
        f"ws://127.0.0.1:{port}/live{query}", additional_headers=headers, compression=None, max_queue=None,
        ping_interval=None, open_timeout=5, close_timeout=1,
    ) as socket:  # fmt: skip
        yield socket


class Machine:
    """A JSON listener that notes every fact, when it came, and each breach of the protocol."""

    def __init__(self, opening: Opening, *, beat_s: float = 10) -> None:
        self._opening, self._patience_s = opening, beat_s * BEATS_OF_PATIENCE
        self.seqs: list[int] = []
        self.moments: list[float] = []
        self.epoch = ""
        self.at: int | None = None
        self.start: int | None = None
        self.wrong: list[str] = []
        self.codes: list[int] = []
        self.reconnects = -1
        self._pauses = Pauses()

    async def run(self) -> None:
        while True:
            self.reconnects += 1
            query = "" if self.at is None else f"?after={self.epoch}:{self.at}"
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                async with self._opening(query) as socket:
                    self._pauses.connected()
                    await self._hear(socket)
            await self._pauses.rest()

    async def _hear(self, socket: ClientConnection) -> None:
        try:
            while True:
                async with asyncio.timeout(self._patience_s):
                    text = await socket.recv()
                self.take(json.loads(text))
        except websockets.ConnectionClosed as closed:
            self.codes.append(closed.rcvd.code if closed.rcvd else 1006)

    def take(self, got: dict[str, Any]) -> None:
        if got["t"] == "hello":
            self.epoch = got["epoch"]
            if self.at is None:
                self.at = self.start = got["seq"]
            elif got["seq"] != self.at:
                self.wrong.append(f"hello at {got['seq']}, was at {self.at}")
        elif self.at is None:
            self.wrong.append(f"{got['t']} before hello")
        elif got["t"] == "event":
            if not got["p"] <= self.at < got["seq"]:
                self.wrong.append(f"{got['p']}..{got['seq']} at {self.at}")
            self.at = got["seq"]
            self.seqs.append(got["seq"])
            self.moments.append(time.time())
        elif got["t"] == "beat" and got["head"] < self.at:
            self.wrong.append("a beat behind its events")
        elif got["t"] == "resync":
            self.wrong.append("resync")


class Page:
    """A browser's side of one log topic: applies the rules of the protocol to a dict of rows.

    `fetch` gives the region's position and HTML for a fresh start; without it a reset is only counted.
    """

    def __init__(
        self, opening: Opening, topic: str, at: str, rows: dict[str, str], *,
        fetch: Callable[[], Awaitable[tuple[str, str]]] | None = None, beat_s: float = 10,
    ) -> None:  # fmt: skip
        self._opening, self._topic, self._fetch = opening, topic, fetch
        self._patience_s = beat_s * BEATS_OF_PATIENCE
        self._stand(at)
        self.rows = rows
        self.patches = 0
        self.asked_again = 0
        self.resets = 0
        self.repeats = 0
        self._pauses = Pauses()

    def _stand(self, at: str) -> None:
        position = Position.read(at)
        self.epoch, self.cursor = position.epoch, position.seq

    async def run(self) -> None:
        while True:
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                async with self._opening("?topics=") as socket:
                    self._pauses.connected()
                    await self._ask(socket)
                    while True:
                        async with asyncio.timeout(self._patience_s):
                            text = await socket.recv()
                        await self.take(json.loads(text), socket)
            await self._pauses.rest()

    async def _ask(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"op": "sub", "topics": {self._topic: f"{self.epoch}:{self.cursor}"}}))

    async def take(self, got: dict[str, Any], socket: ClientConnection) -> None:
        if got["op"] == "reset" and got["t"] == self._topic:
            self.resets += 1
            await self._start_over(socket)
        if got["op"] != "patch" or got["t"] != self._topic:
            return
        if got["n"] <= self.cursor:
            self.repeats += got["n"] != got["p"]
        elif got["p"] > self.cursor:
            self.asked_again += 1
            await self._ask(socket)
        else:
            self.apply(got["content"])
            self.cursor = got["n"]
            self.patches += 1

    async def _start_over(self, socket: ClientConnection) -> None:
        if self._fetch is not None:
            at, html = await self._fetch()
            self._stand(at)
            self.rows.clear()
            self.rows.update(rows_of(html))
            await self._ask(socket)

    def apply(self, content: str) -> None:
        for gone in _GONE.findall(content):
            self.rows.pop(gone, None)
        self.rows.update(rows_of(content))


def rows_of(html: str) -> dict[str, str]:
    """Id of each row and the words in its `<b>`."""
    return dict(_ROW.findall(html))
