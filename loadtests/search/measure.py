"""Times and what they come to."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import psutil

_Q = TypeVar("_Q")


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
