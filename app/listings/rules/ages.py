"""How long a car has stood in stock, in days of Pakistan."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AGES: Mapping[str, tuple[int, int | None]] = {"0-30": (0, 30), "31-60": (31, 60), "61-90": (61, 90), "91-": (91, None)}
IN_STOCK = ("live", "reserved")

_PK = ZoneInfo("Asia/Karachi")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def taken_in(age: str, now: datetime) -> tuple[datetime, datetime]:
    """Since when, and before when, a car of that age came in. Raises KeyError."""
    least, most = AGES[age]
    today = now.astimezone(_PK).date()
    since = _LONG_AGO if most is None else _start(today - timedelta(days=most))
    return since, _start(today - timedelta(days=least - 1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), _PK)
