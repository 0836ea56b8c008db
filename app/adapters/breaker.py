"""A breaker for each vendor: after repeated failure it fails fast, and after a pause lets one call try."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

from app.core.telemetry import metrics

CALLS = metrics.counter("desk_vendor_calls", "Calls to a vendor by how they ended.", ("vendor", "outcome"))
OPEN = metrics.gauge("desk_vendor_breaker_open", "1 while calls to the vendor fail fast.", ("vendor",))

FAILURES = 5
PAUSE_S = 5.0
LONGEST_PAUSE_S = 60.0


class BreakerOpen(Exception):
    """Not called: the vendor failed again and again. Worth another try in `after_s`."""

    def __init__(self, vendor: str, after_s: float) -> None:
        super().__init__(f"{vendor} is not called for {after_s:.1f} s")
        self.after_s = after_s


class Breaker:
    """`async with breaker:` around each call; an exception that is one of `failures` counts against the vendor.

    Five in a row open it for 5 s; each failed trial doubles that, up to a minute. One success closes it.
    """

    def __init__(
        self,
        vendor: str,
        *,
        failures: tuple[type[BaseException], ...] = (Exception,),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.vendor = vendor
        self._counted = failures
        self._clock = clock
        self._failed = 0
        self._trials = 0
        self._open_until: float | None = None
        self._trying = False
        OPEN.labels(vendor=vendor).set(0)

    @property
    def state(self) -> Literal["closed", "open", "half-open"]:
        if self._open_until is None:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    async def __aenter__(self) -> Self:
        """Raises BreakerOpen."""
        if self._open_until is not None:
            left = self._open_until - self._clock()
            if left > 0 or self._trying:
                CALLS.labels(vendor=self.vendor, outcome="refused").inc()
                raise BreakerOpen(self.vendor, max(left, 1.0))
            self._trying = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        was_trial, self._trying = self._trying and self._open_until is not None, False
        if kind is not None and issubclass(kind, self._counted):
            CALLS.labels(vendor=self.vendor, outcome="failed").inc()
            self._count(was_trial)
        elif kind is None or issubclass(kind, Exception):
            # An answer we did not like is still an answer; a cancelled call says nothing either way.
            CALLS.labels(vendor=self.vendor, outcome="ok").inc()
            self._close()

    def _count(self, was_trial: bool) -> None:
        self._failed += 1
        if was_trial:
            self._trials += 1
        elif self._failed < FAILURES:
            return
        pause_s = min(PAUSE_S * 2.0**self._trials, LONGEST_PAUSE_S)
        self._open_until = self._clock() + pause_s
        OPEN.labels(vendor=self.vendor).set(1)

    def _close(self) -> None:
        self._failed = self._trials = 0
        self._open_until = None
        OPEN.labels(vendor=self.vendor).set(0)
