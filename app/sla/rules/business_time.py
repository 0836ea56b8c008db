"""Counting open time: forward to a deadline, and back between two moments. Each is the exact inverse of the other."""

from datetime import UTC, date, datetime, timedelta

from app.sla.rules.calendars import Calendar
from app.sla.rules.openings import HORIZON, NeverOpen

_DAY, _NONE = timedelta(days=1), timedelta()


def add_business(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """The earliest moment by which `length` of open time has passed since `start`.

    So a deadline that uses up the day falls on its closing, not on the next opening; and none at all is due at
    `start` itself, even outside hours.
    """
    if length < _NONE:
        raise ValueError("business time runs forward only")
    day = calendar.local_day(start)
    if not length:
        return start.astimezone(UTC)
    left, today, shut = length + calendar.day(day).open_before(start), calendar.day(day), 0
    while left > today.open_time:
        left -= today.open_time
        shut = 0 if today.open_time else shut + 1
        if shut > HORIZON.days:
            raise NeverOpen
        day += _DAY
        today = calendar.day(day)
    for opens, closes in today.spans:
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("a day is as long as its spans")


def working_days_on(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The closing of the last of `days` working days after that of `start`. A day is worked when business begins on it;
    what runs past midnight belongs to the evening before."""
    day, left, shut = business_day(calendar, start), days, 0
    while left:
        day += _DAY
        if calendar.begun_on(day):
            left, shut = left - 1, 0
            continue
        shut += 1
        if shut > HORIZON.days:
            raise NeverOpen
    return calendar.span(day, calendar.begun_on(day)[-1]).end


def business_day(calendar: Calendar, at: datetime) -> date:
    """The local day, or the evening before whose business still runs."""
    today = calendar.local_day(at)
    before = calendar.begun_on(today - _DAY)
    return today - _DAY if before and at < calendar.span(today - _DAY, before[-1]).end else today


def business_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Open time from `start` to `end`; none when `end` comes first, as two machines' clocks may have it."""
    day, last = calendar.local_day(start), calendar.local_day(end)
    if end <= start:
        return _NONE
    passed = calendar.day(last).open_before(end) - calendar.day(day).open_before(start)
    while day < last:
        passed += calendar.day(day).open_time
        day += _DAY
    return passed
