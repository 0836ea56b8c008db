"""The hours of a week in local minutes: checked, sorted and joined once, so that nobody later need ask."""

import re
from typing import Self

from msgspec import Struct
from msgspec.structs import force_setattr

from app.core import i18n
from app.core.i18n import _
from app.sla.rules import typed

DAY = 24 * 60
LATEST = DAY + 6 * 60
"""How far a block may run past midnight, to sehri at the latest; beyond it `20:00-10:00` is a typing mistake."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class BadHours(ValueError):
    """Hours nobody can keep; `day` and `why`, a sentence of the catalogue, tell the form that asked."""

    def __init__(self, day: str, interval: str, why: str) -> None:
        super().__init__(f"{day}: {i18n.translate(why, 'en')}")
        self.day, self.interval, self.why = day, interval, why


class Interval(Struct, frozen=True, order=True):
    """Open from `opens` until just before `closes`, in minutes since local midnight.

    A block that ends after midnight may be given either way: 21:00-01:00 is (1260, 60) or (1260, 1500). A `Week`
    keeps the second.
    """

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes - DAY if self.closes > DAY else self.closes)}"


class Week(Struct, frozen=True):
    """Seven days of intervals, Monday first. Sorted, joined and free of overlaps however it was made."""

    days: tuple[tuple[Interval, ...], ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(WEEKDAYS):
            raise BadHours("Week", "", _("A week has seven days."))
        tidied = tuple(_tidied(name, day) for name, day in zip(WEEKDAYS, self.days, strict=True))
        for name, day, before in zip(WEEKDAYS, tidied, (tidied[-1], *tidied), strict=False):
            if day and before and before[-1].closes - DAY > day[0].opens:
                raise _bad(name, day[0], _("%(interval)s begins within %(other)s of the night before."), before[-1])
        force_setattr(self, "days", tidied)

    @classmethod
    def written(
        cls, *, mon: str = "", tue: str = "", wed: str = "", thu: str = "", fri: str = "", sat: str = "", sun: str = ""
    ) -> Self:
        """The week as people write it: `10:00-13:00 14:30-20:00`, 10am-8pm; a day left out is closed."""
        texts = zip(WEEKDAYS, (mon, tue, wed, thu, fri, sat, sun), strict=True)
        return cls(tuple(tuple(_read(name, written) for written in typed.tidy(text)) for name, text in texts))


def _tidied(day: str, intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for interval in sorted(_checked(day, interval) for interval in intervals):
        if joined and interval.opens < joined[-1].closes:
            raise _bad(day, interval, _("%(interval)s overlaps %(other)s."), joined[-1])
        if joined and interval.opens == joined[-1].closes:
            interval = Interval(joined.pop().opens, interval.closes)
        joined.append(interval)
    return tuple(joined)


def _checked(day: str, interval: Interval) -> Interval:
    opens, closes = interval.opens, interval.closes
    if not (0 <= opens < DAY and 0 <= closes <= LATEST):
        raise _bad(day, interval, _OUT_OF_RANGE)
    if opens == closes:
        raise _bad(day, interval, _("%(interval)s is empty."))
    if closes < opens:
        closes += DAY
    if closes > LATEST:
        raise _bad(
            day, interval, _("%(interval)s ends before it begins, or runs past %(other)s."), _clock(LATEST - DAY)
        )
    return Interval(opens, closes)


_OUT_OF_RANGE = _("%(interval)s is out of range.")
_WRITTEN = re.compile(r"(\d\d?):([0-5]\d)-(\d\d?):([0-5]\d)")


def _read(day: str, text: str) -> Interval:
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise _bad(day, text, _("%(interval)s is not written as 10:00-20:00 or 10am-8pm."))
    hour, minute, to_hour, to_minute = map(int, found.groups())
    closes = to_hour * 60 + to_minute
    if closes > DAY:
        raise _bad(day, text, _OUT_OF_RANGE)
    return Interval(hour * 60 + minute, closes)


def _bad(day: str, interval: object, why: str, other: object = "") -> BadHours:
    return BadHours(day, str(interval), i18n.Text(why, {"interval": str(interval), "other": str(other)}))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def touching(intervals: list[Interval]) -> list[Interval]:
    """Joined where they touch or overlap: what is left of two days' timetables that meet at midnight."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.opens <= joined[-1].closes:
            last = joined.pop()
            interval = Interval(last.opens, max(last.closes, interval.closes))
        joined.append(interval)
    return joined
