"""The showroom of formats.md 14.9, and moments written as they are said there."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.sla.rules import Calendar, Closure, Override, Week

KARACHI = ZoneInfo("Asia/Karachi")

WEEK = Week.written(
    **dict.fromkeys(("mon", "tue", "wed", "thu", "sat"), "10:00-20:00"),
    fri="10:00-13:00 14:30-20:00",
)
RAMADAN = Override(
    "Ramadan",
    date(2027, 2, 9),
    date(2027, 3, 9),
    Week.written(
        **dict.fromkeys(("mon", "tue", "wed", "thu", "sat"), "10:00-16:00 21:00-23:30"),
        fri="10:00-12:30 21:00-23:30",
    ),
)
EID = Closure("Eid-ul-Fitr", date(2027, 3, 10), date(2027, 3, 12))
SHOWROOM = Calendar(WEEK, overrides=(RAMADAN,), closures=(EID,))
NEVER = Calendar(Week.written())


def pk(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=KARACHI).astimezone(UTC)
