"""What the screens of service levels ask for in forms, and what they show beside them."""

from collections.abc import Mapping
from typing import Any

from app.core import dates, forms
from app.core.base import Db
from app.core.security import Principal, may
from app.leads import service as leads
from app.orgs import queries as orgs
from app.orgs.schemas import BranchRow
from app.sla import queries, service
from app.sla.queries import Plan
from app.sla.schemas import HoursForm, SpecialDaysForm, SpecialDaysRow

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SHOWN = 100


async def region(db: Db, who: Principal, slug: str) -> dict[str, Any]:
    """Raises NotFound for a branch that is not ours."""
    found = await orgs.branches(db, limit=MOST_SHOWN)
    return {
        "screen": await queries.hours_screen(db, await branch_of(db, slug)),
        "branches": found.items,
        "position": found.position,
        "heads": may(who.role, "sla.change"),
    }


async def branch_of(db: Db, slug: str) -> BranchRow | None:
    """None is the whole org. Raises NotFound."""
    return await orgs.branch_row(db, await orgs.branch_id_of(db, slug)) if slug else None


async def week_context(db: Db, branch: BranchRow | None) -> dict[str, Any]:
    return {"branch": branch, "hours": await queries.hours_row(db, branch.id if branch else None), "days": DAYS}


def week_form(data: Mapping[str, str], branch: BranchRow | None) -> HoursForm:
    """Raises Invalid."""
    return forms.read(HoursForm, {**data, "branch_id": str(branch.id) if branch else ""})


def copied(data: Mapping[str, str], day: str) -> dict[str, str]:
    """The hours of a day given to all days after it."""
    after = DAYS[DAYS.index(day) + 1 :] if day in DAYS else ()
    return {**data, **{other: data.get(day, "") for other in after}}


async def days_context(db: Db, row: SpecialDaysRow | None = None) -> dict[str, Any]:
    return {"row": row, "branches": (await orgs.branches(db, limit=MOST_SHOWN)).items, "days": DAYS}


async def days_form(db: Db, data: Mapping[str, str]) -> SpecialDaysForm:
    """Raises Invalid, NotFound for a branch that is not ours."""
    given = dict(data)
    branch = await branch_of(db, given.pop("branch", ""))
    return forms.read(SpecialDaysForm, {**given, "branch_id": str(branch.id) if branch else ""})


async def new_days(db: Db, lang_ur: bool, kind: str, slug: str, holiday: str) -> dict[str, str]:
    """What the form of new days begins with: a suggestion, or the hours there are. Raises NotFound."""
    if holiday:
        found = await queries.suggestion(db, holiday, dates.today())
        timetable = found.kind == "override"
        return {
            "kind": "timetable" if timetable else "closure",
            "name": found.name_ur if lang_ur else found.name_en,
            "first": str(found.first),
            "last": str(found.last),
            "holiday": found.key,
            **(service.RAMADAN if timetable else {}),
        }
    branch = await branch_of(db, slug)
    hours = await queries.hours_row(db, branch.id if branch else None)
    return {"kind": "timetable" if kind == "timetable" else "closure", "branch": slug, **hours.week}


async def days_values(db: Db, row: SpecialDaysRow) -> dict[str, str]:
    branch = await orgs.branch_row(db, row.branch_id) if row.branch_id else None
    return {
        "kind": row.kind,
        "name": row.name,
        "first": str(row.first),
        "last": str(row.last),
        "branch": branch.slug if branch else "",
        "holiday": row.holiday or "",
        "version": str(row.version),
        **(row.week or {}),
    }


async def foreseen(db: Db, who: Principal, plan: Plan) -> dict[str, Any]:
    """What the page shows before a change is applied; leads one may not see are only counted."""
    moved = await leads.preview(db, plan)
    seen = [one for one in moved if who.branch_id in (None, one.branch_id)][:MOST_SHOWN]
    return {"moved": seen, "more": len(moved) - len(seen), "many": len(moved)}
