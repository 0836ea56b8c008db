"""The hours of branches as rows, and built into calendars."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import or_, select

from app.core import clock
from app.core.base import Db, Scope, kept, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.sla import rules
from app.sla.models import BusinessHours, SpecialDays
from app.sla.schemas import Doors, Hours, HoursRow, OpenNow, SpecialDaysRow

STANDARD_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "sat"), "10:00-20:00") | {
    "fri": "10:00-13:00 14:30-20:00",
    "sun": "",
}
"""What a branch keeps until somebody says otherwise: the usual hours of a showroom, closed for the Friday prayer."""

_FRIDAY = 4
_Told = tuple[dict[str, str], list[tuple[str, str, date, date, dict[str, str]]]]
_HOURS = kept(select(BusinessHours))
HELD = select(SpecialDays).where(SpecialDays.kind != "dismissed").order_by(SpecialDays.first, SpecialDays.id)
_DAYS = kept(HELD)


class Plan(Struct, frozen=True, kw_only=True):
    """A change that is only thought of: another week for a branch (None: of the org; an empty one: the org's again),
    days put in place of others."""

    branch_id: Id | None = None
    week: dict[str, str] | None = None
    without: Id | None = None
    days: SpecialDaysRow | None = None


async def calendar_for(db: Db, branch_id: Id | None) -> rules.Calendar:
    """By which deadlines of leads at this branch run."""
    return (await calendars(db, [branch_id]))[branch_id]


async def calendars(
    db: Db, branch_ids: Iterable[Id | None], *, plan: Plan | None = None
) -> dict[Id | None, rules.Calendar]:
    """The calendar of each branch, or as it would be. The same hours are the same object, with the days it has
    reckoned."""
    weeks = {row.branch_id: row.week for row in await db.scalars(_HOURS)}
    days = [_special(row) for row in await db.scalars(_DAYS)]
    if plan is not None:
        if plan.week is not None:
            weeks[plan.branch_id] = plan.week
        days = [row for row in days if row.id != plan.without] + ([plan.days] if plan.days else [])
    return {branch_id: calendar_among(weeks, days, branch_id) for branch_id in branch_ids}


def calendar_among(
    weeks: Mapping[Id | None, dict[str, Any]], days: Iterable[SpecialDaysRow], branch_id: Id | None
) -> rules.Calendar:
    """The branch's, of the weeks and days of all."""
    return built(
        weeks.get(branch_id) or weeks.get(None) or STANDARD_WEEK,
        [row for row in days if row.branch_id in (None, branch_id)],
    )


def built(week: dict[str, Any], days: Iterable[SpecialDaysRow]) -> rules.Calendar:
    """Raises BadHours, BadDates."""
    told = [(row.kind, row.name, row.first, row.last, row.week or {}) for row in days]
    return _built(msgspec.json.encode((week, told), order="sorted"))


@lru_cache(maxsize=500)
def _built(told: bytes) -> rules.Calendar:
    week, days = msgspec.json.decode(told, type=_Told)
    return rules.Calendar(
        rules.Week.written(**week),
        overrides=tuple(
            rules.Override(name, first, last, rules.Week.written(**own))
            for kind, name, first, last, own in days
            if kind == "timetable"
        ),
        closures=tuple(rules.Closure(name, first, last) for kind, name, first, last, _own in days if kind == "closure"),
    )


async def hours_row(db: Db, branch_id: Id | None) -> HoursRow:
    """Its own week, or the one it follows."""
    found = {row.branch_id: row for row in await db.scalars(_HOURS)}
    row = found.get(branch_id)
    if row is not None:
        return HoursRow(branch_id=branch_id, week=row.week, own=True, version=row.version)
    follows = found.get(None)
    return HoursRow(branch_id=branch_id, week=follows.week if follows else STANDARD_WEEK, own=False, version=0)


async def hours_for_change(db: Db, branch_id: Id | None) -> BusinessHours | None:
    """Locked."""
    same = BusinessHours.branch_id == branch_id if branch_id else BusinessHours.branch_id.is_(None)
    found: BusinessHours | None = await db.scalar(select(BusinessHours).where(same).with_for_update())
    return found


async def special_days(db: Db, branch_id: Id | None = None, *, every: bool = False) -> list[SpecialDaysRow]:
    """Those that hold for the branch, dismissed suggestions too; with `every`, of all branches."""
    query = select(SpecialDays).order_by(SpecialDays.first, SpecialDays.id)
    if not every:
        query = query.where(or_(SpecialDays.branch_id.is_(None), SpecialDays.branch_id == branch_id))
    return [_special(row) for row in await db.scalars(query)]


async def special_row(db: Db, days_id: Id) -> SpecialDaysRow:
    """Raises NotFound."""
    return _special(one_or(await db.scalars(select(SpecialDays).where(SpecialDays.id == days_id)), NotFound))


async def open_now(db: Db, branch_id: Id | None) -> OpenNow:
    state = rules.state_at(await calendar_for(db, branch_id), clock.now())
    return OpenNow(kind=state.kind, until=state.until, because=state.because)


async def doors(db: Db, org_id: Id, branch_id: Id) -> Doors:
    """Of a branch of any org, for its buyers: the transaction acts in that org for this one look."""
    before = db.scope
    await db.rescope(Scope(org_id=org_id, request_id=before.request_id))
    calendar = await calendar_for(db, branch_id)
    await db.rescope(before)
    at = clock.now()
    state, today = rules.state_at(calendar, at), calendar.local_day(at)
    return Doors(
        kind=state.kind,
        until=state.until,
        because=state.because,
        prayer=state.kind == "break" and today.weekday() == _FRIDAY,
        today=[(span.start, span.end) for span in rules.hours_on(calendar, today)],
        hours=[Hours(*msgspec.structs.astuple(one)) for one in rules.told(calendar, today)],
    )


async def special_for_change(db: Db, days_id: Id) -> SpecialDays:
    """Locked. Raises NotFound."""
    found = await db.scalars(select(SpecialDays).where(SpecialDays.id == days_id).with_for_update())
    row: SpecialDays = one_or(found, NotFound)
    return row


def _special(row: SpecialDays) -> SpecialDaysRow:
    return SpecialDaysRow(
        id=row.id,
        branch_id=row.branch_id,
        kind=row.kind,
        name=row.name,
        first=row.first,
        last=row.last,
        week=row.week,
        holiday=row.holiday,
        version=row.version,
    )
