"""Dates and times as read in Pakistan: Asia/Karachi, which has no daylight saving."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta

from app.core import clock
from app.core.i18n import Lang

ZONE = ZoneInfo("Asia/Karachi")
Length = Literal["short", "day", "medium", "dated", "long", "full", "weekday", "month"]
"""`day` and `dated` name the day of the week, without and with the year."""

_LOCALES = {"en": Locale.parse("en_PK"), "ur": Locale.parse("ur_PK")}
_PATTERNS: dict[Lang, dict[Length, str]] = {
    "en": {
        "short": "d MMM",
        "day": "EEE d MMM",
        "medium": "d MMM y",
        "dated": "EEE d MMM y",
        "long": "d MMMM y",
        "full": "EEEE, d MMMM y",
        "weekday": "EEE d",
        "month": "MMM y",
    },
    "ur": {
        "short": "d MMM",
        "day": "EEEE d MMM",
        "medium": "d MMM y",
        "dated": "EEEE d MMM y",
        "long": "d MMMM، y",
        "full": "EEEE، d MMMM، y",
        "weekday": "EEE d",
        "month": "MMMM y",
    },
}


def today() -> dt.date:
    return clock.now().astimezone(ZONE).date()


def show_date(when: dt.date | dt.datetime, lang: Lang = "en", length: Length = "medium") -> str:
    """`ہفتہ، 21 نومبر، 2026` is the full Urdu form."""
    return str(format_date(local(when), _PATTERNS[lang][length], locale=_LOCALES[lang]))


def show_time(when: dt.datetime, lang: Lang = "en", pattern: str = "HH:mm") -> str:
    """Hours and minutes, 24-hour clock: the same in both languages."""
    return str(format_time(when.astimezone(ZONE), pattern, locale=_LOCALES[lang]))


def show_datetime(when: dt.datetime, lang: Lang = "en", length: Length = "medium") -> str:
    return f"{show_date(when, lang, length)}{'،' if lang == 'ur' else ','} {show_time(when, lang)}"


def show_ago(when: dt.datetime, now: dt.datetime, lang: Lang = "en") -> str:
    """`14 minutes ago`, `14 منٹ پہلے`, `in 2 hours`; under a minute `just now`."""
    gap = when - now
    if abs(gap) < dt.timedelta(minutes=1):
        return {"en": "just now", "ur": "ابھی ابھی"}[lang]
    return str(format_timedelta(gap, granularity="minute", threshold=1, add_direction=True, locale=_LOCALES[lang]))


_AGE: dict[Lang, tuple[str, str, str, str]] = {
    "en": ("now", "{}m", "{}h", "{}d"),
    "ur": ("ابھی", "{} منٹ", "{} گھنٹے", "{} دن"),
}


def show_age(when: dt.datetime, now: dt.datetime, lang: Lang = "en") -> str:
    """`14m`, `3h`, `2d` for lists; after a week the date. `ago.js` says the same while the page is open."""
    minutes, words = int((now - when).total_seconds() // 60), _AGE[lang]
    if minutes < 1:
        return words[0]
    if minutes < 60:
        return words[1].format(minutes)
    if minutes < 24 * 60:
        return words[2].format(minutes // 60)
    if minutes < 7 * 24 * 60:
        return words[3].format(minutes // (24 * 60))
    return show_date(when, lang, "short")


def show_duration(seconds: float, lang: Lang = "en") -> str:
    return str(format_timedelta(dt.timedelta(seconds=seconds), threshold=1, locale=_LOCALES[lang]))


def local(when: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """A moment must carry its zone; a plain date is already local."""
    if not isinstance(when, dt.datetime):
        return when
    if when.tzinfo is None:
        raise ValueError("a moment without its zone")
    return when.astimezone(ZONE)
