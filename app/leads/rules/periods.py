"""Spans of time as addresses say them: whole days or hours of Pakistan, the first and the last one of them."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_PK = ZoneInfo("Asia/Karachi")
_SHAPES = {10: ("%Y-%m-%d", timedelta(days=1)), 13: ("%Y-%m-%dT%H", timedelta(hours=1))}

_TOOK = re.compile(r"\d{1,5}-(\d{1,5})?")

Span = tuple[datetime, datetime]


def span(first: str, last: str) -> Span | None:
    """From the start of `first` until `last` is over; None for what is no day and no hour, or ends before it begins."""
    try:
        start, _ = _read(first)
        _, end = _read(last or first)
    except (KeyError, ValueError):
        return None
    return (start, end) if start < end else None


def hours(start: datetime, end: datetime) -> tuple[str, str]:
    """The first and the last hour of Pakistan between two moments, begun ones included."""
    last = end - timedelta(microseconds=1)
    return start.astimezone(_PK).strftime(_SHAPES[13][0]), last.astimezone(_PK).strftime(_SHAPES[13][0])


def hours_of_day(day: date, end: datetime) -> tuple[str, str]:
    """From midnight of the day."""
    return hours(datetime.combine(day, time(), _PK), end)


def seconds(took: str) -> tuple[int, int | None]:
    """`5-15` minutes, `240-` for 240 and more: at least, and less than."""
    least, _, most = took.partition("-")
    return int(least) * 60, int(most) * 60 if most else None


def is_took(text: str) -> bool:
    return bool(_TOOK.fullmatch(text))


def _read(text: str) -> Span:
    shape, lasts = _SHAPES[len(text)]
    start = datetime.strptime(text, shape).replace(tzinfo=_PK)
    return start, start + lasts
