"""Passers-by: the public sockets of a process, so many from one address."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from realtime import figures, protocol
from realtime.outlet import Outlet
from realtime.room import Room

BEAT_S = 15.0
MOST_PER_ADDRESS = 40


class Passer:
    """One public socket. Knows no person."""

    def __init__(self, outlet: Outlet, *, lang: str, address: str) -> None:
        self.outlet, self.lang, self.address = outlet, lang, address
        self.rooms: dict[str, Room] = {}
        self.waiting: set[str] = set()
        self.closed = False
        self.gone = None if outlet.raw else asyncio.Event()
        self.beat_at = time.monotonic() + BEAT_S
        self.messages = 0

    def tell(self, frame: Any) -> None:
        if not self.closed:
            self.outlet.write_all([protocol.encode(frame)])

    def over(self) -> None:
        if self.gone is not None:
            self.gone.set()


class Passers:
    """All of one window."""

    def __init__(self) -> None:
        self._all: set[Passer] = set()
        self._at_address: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Passer]:
        return iter(list(self._all))

    def full(self, address: str) -> bool:
        return self._at_address[address] >= MOST_PER_ADDRESS

    def enter(self, passer: Passer) -> None:
        self._all.add(passer)
        self._at_address[passer.address] += 1
        figures.SOCKETS.labels("public").inc()

    def leave(self, passer: Passer) -> None:
        if passer in self._all:
            self._all.discard(passer)
            self._at_address[passer.address] -= 1
            self._at_address += Counter()  # forgets the zeros
            figures.SOCKETS.labels("public").dec()
