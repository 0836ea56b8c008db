"""Clients of the live socket that hold the hub to its word."""

import asyncio
import contextlib
import json
import random
import re
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.realtime.conftest import Board, Guest

_ROW = re.compile(r'<li id="note-([0-9a-f-]+)"[^>]*><b>([^<]*)</b>')


@contextlib.asynccontextmanager
async def opened(board: Board, guest: Guest, query: str = "", **headers: str) -> Any:
    async with connect(
        f"ws://127.0.0.1:{board.port}/live{query}", additional_headers={**guest.as_bearer(), **headers},
        compression=None, max_queue=None, ping_interval=None,
    ) as socket:  # fmt: skip
        yield socket


async def frame(socket: ClientConnection, within: float = 20) -> dict[str, Any]:
    """The next frame that is no heartbeat: the first beat of a socket comes at a random moment."""
    async with asyncio.timeout(within):
        while True:
            got = json.loads(await socket.recv())
            if got.get("op") != "hb" and got.get("t") != "beat":
                return got


async def frame_of(socket: ClientConnection, kind: str, within: float = 20) -> dict[str, Any]:
    """The next frame whose `op` or `t` is `kind`."""
    async with asyncio.timeout(within):
        while True:
            got = json.loads(await socket.recv())
            if got.get("op", got.get("t")) == kind:
                return got


class Machine:
    """A JSON listener that reconnects with its position and notes every fact, gap and repeat."""

    def __init__(self, boards: list[Board], guest: Guest) -> None:
        self.boards, self.guest = boards, guest
        self.seqs: list[int] = []
        self.epoch = ""
        self.at: int | None = None
        self.wrong: list[str] = []
        self.codes: list[int] = []
        self.reconnects = -1

    async def run(self) -> None:
        while True:
            self.reconnects += 1
            query = "" if self.at is None else f"?after={self.epoch}:{self.at}"
            try:
                async with opened(random.choice(self.boards), self.guest, query) as socket:
                    async for text in socket:
                        self.take(json.loads(text))
            except websockets.ConnectionClosed as closed:
                self.codes.append(closed.rcvd.code if closed.rcvd else 1006)
            except (OSError, websockets.WebSocketException):
                pass
            await asyncio.sleep(random.uniform(0.02, 0.2))

    def take(self, got: dict[str, Any]) -> None:
        if got["t"] == "hello":
            self.epoch = got["epoch"]
            if self.at is None:
                self.at = got["seq"]
            elif got["seq"] != self.at:
                self.wrong.append(f"hello at {got['seq']}, was at {self.at}")
        elif got["t"] == "event":
            if not got["p"] <= self.at < got["seq"]:
                self.wrong.append(f"{got['p']}..{got['seq']} at {self.at}")
            self.at = got["seq"]
            self.seqs.append(got["seq"])
        elif got["t"] == "beat" and got["head"] < self.at:
            self.wrong.append("a beat behind its events")
        elif got["t"] == "resync":
            self.wrong.append("resync")


class Page:
    """A browser's side of one log topic: applies the rules of the protocol to a dict of rows."""

    def __init__(self, boards: list[Board], guest: Guest, at: str, rows: dict[str, str]) -> None:
        self.boards, self.guest = boards, guest
        self.epoch, _, seq = at.partition(":")
        self.cursor = int(seq)
        self.rows = rows
        self.asked_again = 0
        self.resets = 0
        self.repeats = 0

    async def run(self) -> None:
        while True:
            try:
                async with opened(random.choice(self.boards), self.guest, "?topics=") as socket:
                    await self.ask(socket)
                    async for text in socket:
                        await self.take(json.loads(text), socket)
            except (OSError, websockets.WebSocketException):
                pass
            await asyncio.sleep(random.uniform(0.02, 0.2))

    async def ask(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"op": "sub", "topics": {"notes:org": f"{self.epoch}:{self.cursor}"}}))

    async def take(self, got: dict[str, Any], socket: ClientConnection) -> None:
        if got["op"] == "reset":
            self.resets += 1
        if got["op"] != "patch" or got["t"] != "notes:org":
            return
        if got["n"] <= self.cursor:
            self.repeats += got["n"] != got["p"]
        elif got["p"] > self.cursor:
            self.asked_again += 1
            await self.ask(socket)
        else:
            self.apply(got["content"])
            self.cursor = got["n"]

    def apply(self, content: str) -> None:
        for gone in re.findall(r'hx-target="#note-([0-9a-f-]+)" hx-swap="delete"', content):
            self.rows.pop(gone, None)
        self.rows.update(_ROW.findall(content))
