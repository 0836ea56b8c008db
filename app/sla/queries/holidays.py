"""Holidays that are near and that nobody has answered yet."""

from datetime import date, timedelta

from hijridate import Hijri
from sqlalchemy import select

from app.core.base import Db
from app.core.errors import NotFound
from app.sla import rules
from app.sla.models import SpecialDays
from app.sla.schemas import Suggestion

AHEAD = timedelta(days=365)


async def suggestions(db: Db, today: date) -> list[Suggestion]:
    """Of the coming year, the nearest first."""
    answered = set(await db.scalars(select(SpecialDays.holiday).where(SpecialDays.holiday.is_not(None))))
    return [holiday for holiday in coming(today) if holiday.key not in answered]


async def suggestion(db: Db, key: str, today: date) -> Suggestion:
    """Raises NotFound, also once somebody has answered it."""
    for holiday in await suggestions(db, today):
        if holiday.key == key:
            return holiday
    raise NotFound


def coming(today: date) -> list[Suggestion]:
    found = {
        _key(one): one
        for year in (today.year, today.year + 1)
        for one in rules.suggested(year, _to_gregorian)
        if today <= one.last and one.first <= today + AHEAD
    }
    return [
        Suggestion(
            key=key, name_en=one.name_en, name_ur=one.name_ur, first=one.first, last=one.last, kind=one.kind,
            confirmed=one.confirmed,
        )
        for key, one in sorted(found.items(), key=lambda item: item[1].first)
    ]  # fmt: skip


def _key(holiday: rules.Holiday) -> str:
    return f"{holiday.name_en.lower().replace(' ', '-')}-{holiday.first}"


def _to_gregorian(year: int, month: int, day: int) -> date:
    """By Umm al-Qura."""
    return date(*Hijri(year, month, day).to_gregorian().datetuple())
