"""One deadline: a target in open time, pauses in which it does not run, and a calendar it may be moved off."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.sla.rules.business_time import add_business, business_between, working_days_on
from app.sla.rules.calendars import BadDates, Calendar

WARNS_AT_PERCENT = 80
_NONE = timedelta()


class Pause(Struct, frozen=True):
    """Waiting for the buyer, a test drive booked: no time passes. Without an `end` it still lasts."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise BadDates(f"a pause that ends at {self.end}, before {self.start}")


class Clock(Struct, frozen=True):
    """With `days` the target is the closing of so many working days later, whatever `target` says; as open time it can
    be paused and warned of like any other."""

    calendar: Calendar
    started: datetime
    target: timedelta
    pauses: tuple[Pause, ...] = ()
    """In any order; they may overlap and begin before the start."""
    spent: timedelta = _NONE
    """Open time used up before `started`, on an earlier calendar."""
    days: int | None = None


def due(clock: Clock) -> datetime | None:
    """None while a pause without an end holds it up. A deadline reached before the pause stays where it was."""
    left = length(clock) - clock.spent
    if left <= _NONE:
        return clock.started
    for start, end in _running(clock):
        if end is None:
            return add_business(clock.calendar, start, left)
        ran = business_between(clock.calendar, start, end)
        if left <= ran:
            return add_business(clock.calendar, start, left)
        left -= ran
    return None


def length(clock: Clock) -> timedelta:
    """The target in open time."""
    if clock.days is None:
        return clock.target
    return business_between(clock.calendar, clock.started, working_days_on(clock.calendar, clock.started, clock.days))


def _until(clock: Clock, target: timedelta) -> Clock:
    return replace(clock, target=target, days=None)


def warn_at(clock: Clock) -> datetime | None:
    """When most of the target is used up, in open time; None like `due`."""
    return due(_until(clock, length(clock) * WARNS_AT_PERCENT / 100))


def ahead(clock: Clock, left: timedelta) -> datetime | None:
    """When no more than `left` of the target is left; None like `due`."""
    return due(_until(clock, length(clock) - left))


def elapsed(clock: Clock, at: datetime) -> timedelta:
    spans = ((start, at if end is None else min(end, at)) for start, end in _running(clock))
    return sum((business_between(clock.calendar, start, end) for start, end in spans), clock.spent)


def moved(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """The clock from `now` on by another calendar, with the open time it has used.

    Leave a deadline that was missed where it is: moved, it would be due now. Working days are counted from the same
    start, by the days of the other calendar.
    """
    if clock.days is not None:
        return replace(clock, calendar=calendar)
    pauses = tuple(pause for pause in clock.pauses if pause.end is None or pause.end > now)
    return Clock(calendar, started=now, target=clock.target, pauses=pauses, spent=elapsed(clock, now))


def _running(clock: Clock) -> Iterator[tuple[datetime, datetime | None]]:
    """The times between the pauses; the last has no end unless the clock is paused for good."""
    at = clock.started
    for pause in sorted(clock.pauses, key=lambda pause: pause.start):
        if pause.start > at:
            yield at, pause.start
        if pause.end is None:
            return
        at = max(at, pause.end)
    yield at, None
