"""When a branch is open: for its page, for an alert that waits until morning, for a snooze."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from app.sla.rules.calendars import Calendar, Span

HORIZON = timedelta(days=400)
"""How far ahead anybody looks for an opening: more than a year, so that any yearly timetable shows itself."""


class NeverOpen(Exception):
    """A calendar without one open minute within the horizon: a mistake of whoever set it up."""


class State(Struct, frozen=True):
    """What a page says now: open until, on a break until, closed until; None is not within the horizon."""

    kind: Literal["open", "break", "closed"]
    until: datetime | None
    because: str | None
    """The override or closure that rules the day. After midnight an open late block answers for its own evening."""


def hours_on(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The local day from midnight to midnight: a block until 01:00 shows its last hour on the next day."""
    return calendar.day(day).spans


def is_open(calendar: Calendar, at: datetime) -> bool:
    return any(span.start <= at < span.end for span in hours_on(calendar, calendar.local_day(at)))


def opens_next(calendar: Calendar, at: datetime) -> datetime | None:
    """The next time the doors open after `at`: while open, after the coming break or night."""
    starts = (stretch.start for stretch in _stretches(calendar, at) if stretch.start > at)
    return _within_horizon(next(starts, None), at)


def closes_at(calendar: Calendar, at: datetime) -> datetime | None:
    """The next time the doors close after `at`, past midnight if they stay open; while closed, the coming day's."""
    ends = (stretch.end for stretch in _stretches(calendar, at))
    return _within_horizon(next(ends, None), at)


def closing_of(calendar: Calendar, day: date) -> datetime | None:
    """When the last of the day's own business is over, past midnight perhaps; None on a day that stays closed."""
    begun = calendar.begun_on(day)
    return calendar.span(day, begun[-1]).end if begun else None


def closing_day(
    calendar: Calendar, now: datetime, *, closed: date | None, expected: date | None
) -> tuple[date, datetime] | None:
    """The first day after `closed` whose closing is still to come, or is that of the day `expected` to close: hours
    that are cut short in the evening close the day there and then."""
    today = calendar.local_day(now)
    first = min(today - timedelta(days=1), expected or today)
    for ahead in range(HORIZON.days):
        day = first + timedelta(days=ahead)
        closing = closing_of(calendar, day)
        if closing is None or (closed is not None and day <= closed):
            continue
        if closing > now or day == expected:
            return day, closing
    return None


def state_at(calendar: Calendar, at: datetime) -> State:
    today = calendar.local_day(at)
    own = [calendar.span(today, interval) for interval in calendar.begun_on(today)]
    if is_open(calendar, at):
        ruled = today if any(start <= at < end for start, end in own) else today - timedelta(days=1)
        return State("open", closes_at(calendar, at), _name(calendar, ruled))
    paused = any(end <= at for _, end in own) and any(at < start for start, _ in own)
    return State("break" if paused else "closed", opens_next(calendar, at), _name(calendar, today))


def at_open(calendar: Calendar, at: datetime, *, urgent: bool) -> datetime:
    """When an alert due at `at` may be sent: nobody is woken for what can wait."""
    if urgent or is_open(calendar, at):
        return at.astimezone(UTC)
    opening = opens_next(calendar, at)
    if opening is None:
        raise NeverOpen
    return opening


def _stretches(calendar: Calendar, at: datetime) -> Iterator[Span]:
    """Open time that ends after `at`, joined over midnights; the last one is cut somewhere past the horizon."""
    first, held = calendar.local_day(at), None
    for ahead in range(HORIZON.days + 3):
        for span in hours_on(calendar, first + timedelta(days=ahead)):
            if span.end <= at:
                continue
            if held and held.end == span.start:
                held = Span(held.start, span.end)
                continue
            if held:
                yield held
            held = span
    if held:
        yield held


def _within_horizon(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment - at <= HORIZON else None


def _name(calendar: Calendar, day: date) -> str | None:
    rule = calendar.ruling(day)
    return rule.name if rule else None
