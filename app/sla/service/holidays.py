"""A suggested holiday becomes special days."""

from app.core.base import Db
from app.core.ids import Id
from app.sla.schemas import HolidayForm, SpecialDaysForm, Suggestion
from app.sla.service.hours import add_days

RAMADAN = dict.fromkeys(("mon", "tue", "wed", "thu", "sat"), "10:00-16:00 21:00-23:30") | {
    "fri": "10:00-12:30 21:00-23:30",
    "sun": "",
}
"""What showrooms mostly keep in Ramadan: shorter days, and the hours after Taraweeh."""


def accepted(holiday: Suggestion, form: HolidayForm) -> SpecialDaysForm:
    """As suggested, but for what the form says; a timetable nobody gave hours is that of Ramadan."""
    told = {day: getattr(form, day) for day in RAMADAN}
    timetable = holiday.kind == "override"
    hours = {} if not timetable else told if any(told.values()) else RAMADAN
    return SpecialDaysForm(
        kind="timetable" if timetable else "closure",
        name=holiday.name_en,
        first=form.first or holiday.first,
        last=form.last or max(holiday.last, form.first or holiday.last),
        branch_id=form.branch_id,
        holiday=holiday.key,
        **hours,
    )


async def accept(db: Db, org_id: Id, holiday: Suggestion, form: HolidayForm) -> Id:
    """Raises Invalid, HoursUnreadable, AlreadyAnswered."""
    return await add_days(db, org_id, accepted(holiday, form))
