"""A branch's calendar: which timetable rules a day, and the moments at which that day is open.

Closures beat overrides, overrides beat the week; among equals the shorter range wins, then the one that begins later.
What runs past midnight belongs to the day on which it began: the last night of Ramadan ends at 01:00 although Eid
has begun, and a closed evening brings nothing into the morning after.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.core import dates
from app.sla.rules.hours import DAY, Interval, Week, touching

_DAY, _NONE = timedelta(days=1), timedelta()
_DAYS_KEPT = 2_000


class BadDates(ValueError):
    """A range of days that ends before it begins."""


class Override(Struct, frozen=True):
    """Another timetable from `first` to `last` inclusive: Ramadan. A weekday without hours in it is closed."""

    name: str
    first: date
    last: date
    week: Week

    def __post_init__(self) -> None:
        _refuse_reversed(self.name, self.first, self.last)


class Closure(Struct, frozen=True):
    """Closed from `first` to `last` inclusive: Eid."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        _refuse_reversed(self.name, self.first, self.last)


class Span(NamedTuple):
    """From `start` until just before `end`, both in UTC."""

    start: datetime
    end: datetime


class Day(Struct, frozen=True):
    """One local day from midnight to midnight, with what the night before brought into it."""

    spans: tuple[Span, ...]
    open_time: timedelta

    def open_before(self, at: datetime) -> timedelta:
        return sum((min(span.end, at) - span.start for span in self.spans if span.start < at), _NONE)


class Calendar(Struct, frozen=True, dict=True):
    """`dict` is for the days kept beside the fields: one calendar is asked for the same days over and over."""

    week: Week
    overrides: tuple[Override, ...] = ()
    closures: tuple[Closure, ...] = ()
    zone: ZoneInfo = dates.ZONE

    def local_day(self, at: datetime) -> date:
        if at.tzinfo is None:
            raise ValueError("a moment without its zone")
        return at.astimezone(self.zone).date()

    def ruling(self, day: date) -> Override | Closure | None:
        """What rules the day in place of the week."""
        edges, rules = self._rules
        place = bisect_right(edges, day.toordinal())
        return rules[place - 1] if place else None

    def begun_on(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on the day, a late one whole."""
        rule = self.ruling(day)
        if isinstance(rule, Closure):
            return ()
        return (rule.week if rule else self.week).days[day.weekday()]

    def span(self, day: date, interval: Interval) -> Span:
        return Span(self._moment(day, interval.opens), self._moment(day, interval.closes))

    @cached_property
    def day(self) -> Callable[[date], Day]:
        return lru_cache(_DAYS_KEPT)(self._day)

    @cached_property
    def _rules(self) -> tuple[list[int], list[Override | Closure | None]]:
        """The days on which the ruling may change, and what rules from each: thirty holidays cost a day no more."""
        ranked: tuple[Override | Closure, ...] = (*sorted(self.closures, key=_rank), *sorted(self.overrides, key=_rank))
        spans = [(rule.first.toordinal(), rule.last.toordinal(), rule) for rule in ranked]
        edges = sorted({edge for first, last, _ in spans for edge in (first, last + 1)})
        return edges, [next((rule for first, last, rule in spans if first <= edge <= last), None) for edge in edges]

    def _day(self, day: date) -> Day:
        held = list(self.begun_on(day))
        late = [Interval(0, one.closes - DAY) for one in self.begun_on(day - _DAY)[-1:] if one.closes > DAY]
        if late or (held and held[-1].closes > DAY):
            held = touching([*late, *(Interval(one.opens, min(one.closes, DAY)) for one in held)])
        spans = tuple(self._plain_spans(day, held) or self._changing_spans(day, held))
        return Day(spans, sum((end - start for start, end in spans), _NONE))

    def _plain_spans(self, day: date, intervals: list[Interval]) -> list[Span] | None:
        """Where no clock changes, minutes add up: all days but two a year, and three times faster."""
        midnight, next_midnight = (datetime.combine(end, time(), self.zone) for end in (day, day + _DAY))
        if midnight.utcoffset() != next_midnight.utcoffset():
            return None
        start = midnight.astimezone(UTC)
        return [Span(start + timedelta(minutes=one.opens), start + timedelta(minutes=one.closes)) for one in intervals]

    def _changing_spans(self, day: date, intervals: list[Interval]) -> list[Span]:
        """The clocks may skip an interval whole."""
        return [span for span in (self.span(day, interval) for interval in intervals) if span.start < span.end]

    def _moment(self, day: date, minutes: int) -> datetime:
        """A local time that occurs twice is its first; one that the clocks skip is the moment they jump."""
        wall = datetime.combine(day, time(), self.zone) + timedelta(minutes=minutes)
        while _skipped(wall):
            wall += timedelta(minutes=1)
        return wall.astimezone(UTC)


def _skipped(wall: datetime) -> bool:
    """Only where clocks jump forward does the later reading (PEP 495) have the greater offset."""
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    return before is not None and after is not None and before < after


def _rank(rule: Override | Closure) -> tuple[timedelta, int]:
    return rule.last - rule.first, -rule.first.toordinal()


def _refuse_reversed(name: str, first: date, last: date) -> None:
    if last < first:
        raise BadDates(f"{name}: {last} is before {first}")
