"""When branches are open. Every change is a fact, by which the open deadlines are reckoned again."""

from typing import Any

from app.core import clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.orgs import queries as orgs
from app.sla import queries, rules
from app.sla.errors import AlreadyAnswered, HoursChangedMeanwhile, HoursUnreadable
from app.sla.facts import HoursChanged
from app.sla.models import BusinessHours, SpecialDays
from app.sla.schemas import HoursForm, SpecialDaysForm, Suggestion, WeekForm

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week_of(form: WeekForm) -> dict[str, str]:
    """The hours as they are kept: sorted, joined, written alike. Raises HoursUnreadable."""
    written = {day: getattr(form, day) for day in _DAYS}
    try:
        week = rules.Week.written(**written)
    except rules.BadHours as error:
        raise HoursUnreadable(error.day[:3].lower(), error.why) from None
    return {day: " ".join(str(interval) for interval in held) for day, held in zip(_DAYS, week.days, strict=True)}


def own_week(form: HoursForm) -> dict[str, str]:
    """Raises HoursUnreadable."""
    week = week_of(form)
    if not any(week.values()):
        raise HoursUnreadable("mon", _("A branch that never opens has no deadlines: give it at least one hour."))
    return week


async def set_hours(db: Db, org_id: Id, form: HoursForm) -> None:
    """Raises HoursUnreadable, HoursChangedMeanwhile, Invalid (no such branch)."""
    week = own_week(form)
    await orgs.require_branch(db, form.branch_id)
    row = await queries.hours_for_change(db, form.branch_id)
    _same(row.version if row else 0, form.version)
    before = row.week if row else None
    if before == week:
        return
    if row is None:
        row = BusinessHours(id=new_id(), org_id=org_id, branch_id=form.branch_id, week=week, changed_at=clock.now())
        async with unique_or(db, "uq_business_hours_org_id_branch_id", HoursChangedMeanwhile):
            db.add(row)
    else:
        row.week, row.changed_at, row.version = week, clock.now(), row.version + 1
    _tell(db, row.id, org_id, form.branch_id, {"week": (before, week)})


async def follow_org(db: Db, org_id: Id, branch_id: Id, *, version: int | None = None) -> None:
    """The branch gives up its own week. Raises NotFound, HoursChangedMeanwhile."""
    await orgs.branch_row(db, branch_id)
    row = await queries.hours_for_change(db, branch_id)
    _same(row.version if row else 0, version)
    if row is not None:
        await db.delete(row)
        _tell(db, row.id, org_id, branch_id, {"week": (row.week, None)})


async def add_days(db: Db, org_id: Id, form: SpecialDaysForm) -> Id:
    """Raises HoursUnreadable, Invalid, AlreadyAnswered (somebody accepted the same suggestion)."""
    await orgs.require_branch(db, form.branch_id)
    row = SpecialDays(id=new_id(), org_id=org_id, branch_id=form.branch_id, holiday=form.holiday,
                      created_at=clock.now(), **days_told(form))  # fmt: skip
    async with unique_or(db, "uq_special_days_holiday", AlreadyAnswered):
        db.add(row)
    _tell(db, row.id, org_id, form.branch_id, {name: (None, getattr(row, name)) for name in ("name", "first", "last")})
    return row.id


async def change_days(db: Db, days_id: Id, form: SpecialDaysForm) -> None:
    """Raises NotFound, HoursUnreadable, Invalid, HoursChangedMeanwhile. The branch stays."""
    row = await queries.special_for_change(db, days_id)
    _same(row.version, form.version)
    told = days_told(form)
    changed = {name: (getattr(row, name), value) for name, value in told.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    _tell(db, row.id, row.org_id, row.branch_id, changed)


async def remove_days(db: Db, days_id: Id, *, version: int | None = None) -> None:
    """A suggestion that was accepted may be suggested again. Raises NotFound, HoursChangedMeanwhile."""
    row = await queries.special_for_change(db, days_id)
    _same(row.version, version)
    await db.delete(row)
    _tell(db, row.id, row.org_id, row.branch_id, {"name": (row.name, None)})


async def dismiss(db: Db, org_id: Id, holiday: Suggestion) -> None:
    """Nobody wants to hear of it again. Raises AlreadyAnswered."""
    row = SpecialDays(
        id=new_id(), org_id=org_id, kind="dismissed", name=holiday.name_en, first=holiday.first, last=holiday.last,
        holiday=holiday.key, created_at=clock.now(),
    )  # fmt: skip
    async with unique_or(db, "uq_special_days_holiday", AlreadyAnswered):
        db.add(row)
    _tell(db, row.id, org_id, None, {"dismissed": (None, holiday.key)})


def days_told(form: SpecialDaysForm) -> dict[str, Any]:
    """The days as they are kept. Raises Invalid, HoursUnreadable."""
    if form.last < form.first:
        raise Invalid([{"field": "last", "message": _("The last day is before the first.")}])
    if (form.last - form.first).days > 400:
        raise Invalid([{"field": "last", "message": _("Choose at most 400 days.")}])
    week = week_of(form) if form.kind == "timetable" else None
    if week is not None and not any(week.values()):
        raise HoursUnreadable("mon", _("Without hours these days are closed: choose that instead."))
    return {"kind": form.kind, "name": form.name, "first": form.first, "last": form.last, "week": week}


def _same(version: int, known: int | None) -> None:
    if known is not None and known != version:
        raise HoursChangedMeanwhile(version)


def _tell(db: Db, row_id: Id, org_id: Id, branch_id: Id | None, changed: dict[str, tuple[object, object]]) -> None:
    record(db, HoursChanged(org_id=org_id, id=row_id, branch_id=branch_id), changed=changed)
