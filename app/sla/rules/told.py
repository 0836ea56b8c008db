"""The hours of a calendar for who reads them once and keeps them: a week, and the days that differ from it."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from app.sla.rules.calendars import Calendar, Closure, Override
from app.sla.rules.hours import DAY, Interval, Week

_AHEAD = timedelta(days=60)
_ALL = tuple(range(7))
_SHUT = "00:00"


class Hours(Struct, frozen=True):
    """On these weekdays (0 is Monday) between these times, the later one perhaps of the next morning; closed where
    both are midnight. With days it holds from the first to the last alone, instead of what holds otherwise."""

    weekdays: tuple[int, ...]
    opens: str
    closes: str
    first: date | None = None
    last: date | None = None


def told(calendar: Calendar, today: date) -> list[Hours]:
    """The usual week, where a day left out is closed; then the special days that rule now or within two months."""
    found = list(_of(calendar.week))
    special: tuple[Override | Closure, ...] = (*calendar.overrides, *calendar.closures)
    for rule in special:
        if today <= rule.last and rule.first <= today + _AHEAD:
            found += _of(rule.week, rule.first, rule.last) if isinstance(rule, Override) else ()
            shut = tuple(day for day in _ALL if isinstance(rule, Closure) or not rule.week.days[day])
            found += [Hours(shut, _SHUT, _SHUT, rule.first, rule.last)] if shut else []
    return found


def _of(week: Week, first: date | None = None, last: date | None = None) -> Iterator[Hours]:
    """Days that keep the same hours together."""
    on: dict[Interval, tuple[int, ...]] = {}
    for weekday, intervals in enumerate(week.days):
        for interval in intervals:
            on[interval] = (*on.get(interval, ()), weekday)
    for interval, weekdays in on.items():
        yield Hours(weekdays, _time(interval.opens), _time(interval.closes), first, last)


def _time(minutes: int) -> str:
    """Midnight at the end of a day is told a minute early: 00:00 would be that of its beginning."""
    at = DAY - 1 if minutes == DAY else minutes % DAY
    return f"{at // 60:02}:{at % 60:02}"
