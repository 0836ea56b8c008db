"""Times and what they come to."""

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psutil

_Q = TypeVar("_Q")


class Processor:
    """Milliseconds of processor that this process and a server's children took since the last look: what neighbours on
    the same machine do not change."""

    def __init__(self, server_pid: int) -> None:
        self._server = server_pid
        self._before = self._now()

    def took(self) -> float:
        before, self._before = self._before, self._now()
        theirs = sum(ns - before[1].get(pid, ns) for pid, ns in self._before[1].items())
        return (self._before[0] - before[0]) * 1000 + theirs / 1e6

    def _now(self) -> tuple[float, dict[int, int]]:
        found = {}
        for child in psutil.Process(self._server).children():
            with contextlib.suppress(OSError):
                found[child.pid] = int(Path(f"/proc/{child.pid}/schedstat").read_text().split()[0])
        return time.process_time(), found


def spread(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)

    def part(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)], 2)

    return {"n": len(ordered), "p50": part(0.5), "p95": part(0.95), "p99": part(0.99), "max": round(ordered[-1], 2)}


async def timed(
    asked: Sequence[_Q], ask: Callable[[_Q], Awaitable[Any]], clients: int
) -> tuple[list[tuple[_Q, float]], float]:
    """Each question and how long it took in ms, so many at a time; and the seconds of it all."""
    waiting = list(reversed(asked))
    found: list[tuple[_Q, float]] = []

    async def client() -> None:
        while waiting:
            one = waiting.pop()
            began = time.perf_counter()
            await ask(one)
            found.append((one, (time.perf_counter() - began) * 1000))

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return found, time.perf_counter() - began


def cpu_s(*parents: int) -> float:
    """Processor seconds of these processes and their children so far."""
    total = 0.0
    for pid in parents:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            total += times.user + times.system
        dead = process.cpu_times()
        total += dead.children_user + dead.children_system
    return total
