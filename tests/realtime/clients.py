"""Clients of the live socket for the proof board."""

import asyncio
import json
import random
from contextlib import AbstractAsyncContextManager
from typing import Any

from websockets.asyncio.client import ClientConnection

from loadtests import listeners
from loadtests.listeners import Opening
from tests.realtime.conftest import Board, Guest


def opened(board: Board, guest: Guest, query: str = "", **headers: str) -> AbstractAsyncContextManager[Any]:
    return listeners.opened(board.port, query, **guest.as_bearer(), **headers)


def somewhere(boards: list[Board], guest: Guest) -> Opening:
    """Any of the boards, another at each connection."""
    return lambda query: opened(random.choice(boards), guest, query)


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
