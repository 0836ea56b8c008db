"""Hours as people type them, brought to `10:00-13:00 14:30-20:00`: 10am-8pm, 10-20, صبح 10 سے رات 8, 9 to 5pm."""

import re

from app.core.digits import to_latin

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TIME = r"\d\d?(?:[:.]\d\d)?"
_HALF = re.compile(r"\s*\b([ap])\.?\s?m\b\.?")
_DAYTIME = re.compile(
    rf"(?:\b(subah|dopahar|sham|shaam|raat)|(صبح|دوپہر|شام|رات))\s*({_TIME})|"
    rf"({_TIME})\s*(?:(subah|dopahar|sham|shaam|raat)\b|(صبح|دوپہر|شام|رات))"
)
_UNTIL = re.compile(r"\s*(?:[-–—‑−]|\bto\b|\btill\b|\bse\b|سے|تا)\s*")
_DROPPED = re.compile(r"\btak\b|تک|\bbaje\b|بجے")
_BETWEEN = re.compile(r"[,;،&+]|\band\b|\baur\b|اور")
_CLOSED = ("closed", "off", "band", "بند", "-")
_SPAN = re.compile(r"(\d\d?)(?:[:.]([0-5]\d))?([ap]m)?-(\d\d?)(?:[:.]([0-5]\d))?([ap]m)?")
_NOON = 12


def tidy(text: str) -> list[str]:
    """The intervals of a day, each as `10:00-20:00` where it can be read, else as it was typed."""
    said = _DROPPED.sub(" ", to_latin(_MARKS.sub("", text)).casefold())
    said = _DAYTIME.sub(_by_daytime, said)
    said = _UNTIL.sub("-", _HALF.sub(r"\1m", said))
    found = _BETWEEN.sub(" ", said).split()
    return [] if len(found) == 1 and found[0] in _CLOSED else [_interval(one) for one in found]


def _by_daytime(found: re.Match[str]) -> str:
    """At night means before midnight from seven on, after it until six."""
    word = next(part for part in (found[1], found[2], found[5], found[6]) if part)
    time = found[3] or found[4]
    hour = int(re.match(r"\d+", time)[0])  # type: ignore[index]
    if hour > _NOON:
        return time
    late = hour in range(7, _NOON) if word in ("raat", "رات") else word not in ("subah", "صبح")
    return f"{time}{'pm' if late else 'am'}"


def _interval(said: str) -> str:
    found = _SPAN.fullmatch(said)
    if found is None:
        return said
    hour, minute, half, to_hour, to_minute, to_half = found.groups()
    opens, closes = _minutes(hour, minute, half), _minutes(to_hour, to_minute, to_half)
    if opens is None or closes is None:
        return said
    if half is None and to_half == "pm" and (later := _minutes(hour, minute, "pm")) is not None and later < closes:
        opens = later  # 1-5pm
    return f"{_clock(opens)}-{_clock(closes)}"


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    """None for 13pm."""
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if half == "pm" else 0)
    return hours * 60 + int(minute or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
