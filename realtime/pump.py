"""Writes frames to rooms, some sockets per turn of the event loop, so that a crowd never stalls a page."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from realtime.outlet import text_frame, text_message
from realtime.room import Room

_PER_TURN = 100
"""Some 1 ms of writing, however slow the machine: a request waits for three or four such turns."""


class _Job:
    __slots__ = ("frame", "room", "seq", "writers")

    def __init__(self, writers: Iterator[Callable[[Any], None]], frame: Any, room: Room, seq: int) -> None:
        self.writers, self.frame, self.room, self.seq = writers, frame, room, seq


class Pump:
    """One per process. Frames of a room go out in the order they came in, to those in it at that moment."""

    def __init__(self) -> None:
        self._jobs: deque[_Job] = deque()
        self._running = False
        self.delivered = 0

    def send(self, room: Room, payload: bytes, seq: int) -> None:
        """Frame `payload` once and write the same bytes to everybody in `room`; it tells what happened up to `seq`."""
        if room.raw:
            self._queue(_Job(iter(list(room.raw.values())), text_frame(payload), room, seq))
        if room.plain:
            self._queue(_Job(iter(list(room.plain.values())), text_message(payload), room, seq))

    def _queue(self, job: _Job) -> None:
        job.room.queued += 1
        self._jobs.append(job)
        if not self._running:
            self._running = True
            self._turn()

    def _turn(self) -> None:
        left = _PER_TURN
        while self._jobs:
            job = self._jobs[0]
            frame, done = job.frame, 0
            for write in islice(job.writers, left):
                done += 1
                try:
                    write(frame)
                except (RuntimeError, OSError):  # its transport has just gone; its reader takes it out of the room
                    self.delivered -= 1
            self.delivered += done
            left -= done
            if left <= 0:
                asyncio.get_running_loop().call_soon(self._turn)
                return
            self._jobs.popleft()
            job.room.queued -= 1
            job.room.through = job.seq
        self._running = False
