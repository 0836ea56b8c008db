"""Background loops that outlive their failures: restarted with backoff, and telling health when they last turned."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from app.core import health

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0

_running: dict[str, "Loop"] = {}


class Loop:
    """One supervised task. `body(loop)` runs until cancelled and calls `loop.beat()` at every turn.

    A body that ends or raises is started again after a pause that doubles, and is short again once it has beaten.
    """

    def __init__(self, name: str, body: Callable[["Loop"], Awaitable[None]], *, silent_s: float = 15) -> None:
        self.name = name
        self.silent_s = silent_s
        self.restarts = 0
        self.last_error: str | None = None
        self._body = body
        self._beat_at = time.monotonic()
        self._failures = 0
        self._task: asyncio.Task[None] | None = None

    def beat(self) -> None:
        """The loop turned: it is alive, and its past failures are forgotten."""
        self._beat_at = time.monotonic()
        self._failures = 0
        self.last_error = None
        health.beat(self.name, within_s=self.silent_s)

    @property
    def silent_for_s(self) -> float:
        return time.monotonic() - self._beat_at

    @property
    def healthy(self) -> bool:
        return self._task is not None and not self._task.done() and self.silent_for_s < self.silent_s

    def start(self) -> None:
        self._beat_at = time.monotonic()
        self._task = asyncio.create_task(self._supervise(), name=self.name)
        _running[self.name] = self

    async def stop(self) -> None:
        if _running.get(self.name) is self:
            del _running[self.name]
            health.still(self.name)
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def _supervise(self) -> None:
        while True:
            try:
                await self._body(self)
                self.last_error = "ended"
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.last_error = f"{type(error).__name__}: {error}"[:300]
                log.warning("loop %s failed: %s", self.name, self.last_error, exc_info=self._failures == 0)
            self.restarts += 1
            self._failures += 1
            await asyncio.sleep(pause_s(self._failures))


def pause_s(failures: int) -> float:
    """How long to wait after the nth failure in a row: doubling, bounded, with jitter."""
    longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10))
    return random.uniform(longest / 2, longest)  # noqa: S311 - spreads restarts, guards nothing


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel until they are over: a library that swallows one cancellation (wait_for of 3.11 can) gets another."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.5)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain about it


def running() -> dict[str, Loop]:
    """The supervised loops of this process by name, for health and metrics."""
    return dict(_running)
