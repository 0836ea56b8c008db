"""Holidays of Pakistan to suggest for a calendar. A suggestion changes nothing until somebody accepts it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

_DAY = timedelta(days=1)
_SIGHTED_LATER = _DAY
"""Pakistan mostly sights the moon a day after Umm al-Qura reckons it."""

ToGregorian = Callable[[int, int, int], date]
"""Hijri year, month and day to the date on which Umm al-Qura has it."""

_MUHARRAM, _RABI_AL_AWWAL, _RAMADAN, _SHAWWAL, _DHU_AL_HIJJA = 1, 3, 9, 10, 12

_FIXED = (
    (2, 5, "Kashmir Solidarity Day", "یومِ یکجہتی کشمیر"),
    (3, 23, "Pakistan Day", "یومِ پاکستان"),
    (5, 1, "Labour Day", "یومِ مزدور"),
    (5, 28, "Youm-e-Takbeer", "یومِ تکبیر"),
    (8, 14, "Independence Day", "یومِ آزادی"),
    (11, 9, "Iqbal Day", "یومِ اقبال"),
    (12, 25, "Quaid-e-Azam Day", "یومِ قائدِ اعظم"),
)
_MOON = (
    (_MUHARRAM, 9, 2, "Ashura", "عاشورہ"),
    (_RABI_AL_AWWAL, 12, 1, "Eid Milad-un-Nabi", "عید میلاد النبی"),
    (_SHAWWAL, 1, 3, "Eid-ul-Fitr", "عید الفطر"),
    (_DHU_AL_HIJJA, 10, 3, "Eid-ul-Adha", "عید الاضحیٰ"),
)


class Holiday(Struct, frozen=True):
    """Accepted, a `closure` closes its days; an `override` (Ramadan) asks for a timetable first."""

    name_en: str
    name_ur: str
    first: date
    last: date
    kind: Literal["closure", "override"]
    confirmed: bool
    """Whether the dates are certain: those that hang on the moon are not, until they are announced."""


def suggested(year: int, to_gregorian: ToGregorian) -> list[Holiday]:
    """Whatever touches the year, by first day: a Ramadan over New Year is suggested in both."""
    fixed = (
        Holiday(en, ur, date(year, month, day), date(year, month, day), "closure", confirmed=True)
        for month, day, en, ur in _FIXED
    )
    around = int((year - 622) * 33 / 32)  # a Hijri year is shorter, so two or three of them touch any year of ours
    moon = (
        holiday
        for hijri_year in range(around - 1, around + 3)
        for holiday in _by_moon(hijri_year, to_gregorian)
        if holiday.first.year <= year <= holiday.last.year
    )
    return sorted((*fixed, *moon), key=lambda holiday: holiday.first)


def _by_moon(hijri_year: int, to_gregorian: ToGregorian) -> Iterator[Holiday]:
    for month, day, days, en, ur in _MOON:
        first = to_gregorian(hijri_year, month, day) + _SIGHTED_LATER
        yield Holiday(en, ur, first, first + (days - 1) * _DAY, "closure", confirmed=False)
    begins, eid = (to_gregorian(hijri_year, month, 1) + _SIGHTED_LATER for month in (_RAMADAN, _SHAWWAL))
    yield Holiday("Ramadan", "رمضان المبارک", begins, eid - _DAY, "override", confirmed=False)
