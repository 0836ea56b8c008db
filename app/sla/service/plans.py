"""Changes of hours that are only thought of, refused as the changes themselves would be."""

from app.core.base import Db
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.orgs import queries as orgs
from app.sla import queries
from app.sla.queries import Plan
from app.sla.schemas import HoursForm, PlanForm, SpecialDaysForm, SpecialDaysRow
from app.sla.service.hours import days_told, own_week


async def plan(db: Db, form: PlanForm) -> Plan:
    """Raises HoursUnreadable, Invalid, NotFound."""
    if form.hours is not None:
        return await plan_hours(db, form.hours)
    if form.follow_branch_id is not None:
        return await plan_following(db, form.follow_branch_id)
    if form.days is not None and form.days_id is not None:
        return await plan_changed_days(db, form.days_id, form.days)
    if form.days is not None:
        return await plan_days(db, form.days)
    if form.days_id is not None:
        return await plan_removal(db, form.days_id)
    raise Invalid([{"field": "hours", "message": _("Say what would change.")}])


async def plan_hours(db: Db, form: HoursForm) -> Plan:
    week = own_week(form)
    await orgs.require_branch(db, form.branch_id)
    return Plan(branch_id=form.branch_id, week=week)


async def plan_following(db: Db, branch_id: Id) -> Plan:
    await orgs.branch_row(db, branch_id)
    return Plan(branch_id=branch_id, week={})


async def plan_days(db: Db, form: SpecialDaysForm) -> Plan:
    await orgs.require_branch(db, form.branch_id)
    return Plan(branch_id=form.branch_id, days=_row(new_id(), form.branch_id, form))


async def plan_changed_days(db: Db, days_id: Id, form: SpecialDaysForm) -> Plan:
    row = await queries.special_row(db, days_id)
    return Plan(branch_id=row.branch_id, without=days_id, days=_row(days_id, row.branch_id, form))


async def plan_removal(db: Db, days_id: Id) -> Plan:
    row = await queries.special_row(db, days_id)
    return Plan(branch_id=row.branch_id, without=days_id)


def _row(days_id: Id, branch_id: Id | None, form: SpecialDaysForm) -> SpecialDaysRow:
    return SpecialDaysRow(id=days_id, branch_id=branch_id, holiday=form.holiday, version=0, **days_told(form))
