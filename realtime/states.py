"""Topics whose state is to be shown anew, at the pace of their kind: however much happens, once in so long."""

import asyncio
import time
from collections.abc import Callable, Iterable

from app.core import live
from realtime.room import Room


class States:
    """Of one feed; `wake` starts a turn of it."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._stale: set[str] = set()
        self._rests: dict[str, float] = {}  # topic → until when

    def grow_stale(self, topics: Iterable[str], rooms: Iterable[Room]) -> None:
        """Of these topics somebody hears those that have rooms, and they now wait for more than they were sent."""
        for room in [room for room in rooms if room.topic in topics]:
            room.owes = True
            self._stale.add(room.topic)

    def due(self) -> list[str]:
        """What may be shown now; for the rest a turn is arranged."""
        now = time.monotonic()
        self._rests = {topic: until for topic, until in self._rests.items() if until > now}
        waits = [self._rests[topic] - now for topic in self._stale if topic in self._rests]
        if waits:
            asyncio.get_running_loop().call_later(min(waits), self._wake)
        return sorted(self._stale - self._rests.keys())

    def shown(self, topic: str) -> None:
        kind = live.kind_of(topic)
        self._stale.discard(topic)
        self._rests[topic] = time.monotonic() + (kind.pace_s if kind else 0)
