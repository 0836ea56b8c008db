"""Opening hours and rules of an org in the tenancy world, and what to send to the routes about them."""

import re
from datetime import date
from typing import Any

from app.core import dates
from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal
from app.sla import queries, service
from app.sla.schemas import ConditionsForm, HoursForm, PolicyForm, SpecialDaysForm

HOLIDAY = queries.coming(dates.today())[0].key
"""The same for everybody: a suggestion belongs to no org."""

_FAR = date(2090, 1, 1)
_WEEK = {"mon": "10:00-20:00", "fri": "10:00-13:00"}


async def hours_of(db: Db, who: Principal, slug: str, branch_id: str) -> dict[str, str]:
    """A branch with a week of its own, days that differ, a rule; ids by parameter name."""
    await service.set_hours(db, who.org_id, HoursForm(**_WEEK, branch_id=Id(branch_id)))
    days = SpecialDaysForm(kind="closure", name=slug, first=_FAR, last=_FAR, branch_id=Id(branch_id))
    rule = PolicyForm(name=slug, conditions=ConditionsForm(branches=[Id(branch_id)]), first_response=15)
    return {
        "days_id": str(await service.add_days(db, who.org_id, days)),
        "policy_id": str(await service.add_policy(db, who.org_id, rule)),
        "branch_slug": slug,
    }


def body_for(template: str, ids: dict[str, str]) -> dict[str, Any] | None:
    """What somebody would send to a JSON route about service levels; None for other routes."""
    found = re.fullmatch(r"/(?:api/)?v1/sla/([a-z-]+)(?:/(.*))?", template)
    if found is None:
        return None
    branch = ids.get("branch_id")
    match (found[1], (found[2] or "").rpartition("/")[2]):
        case ("hours", _):
            return {**_WEEK, "branch_id": branch}
        case ("preview", _):
            return {"hours": {**_WEEK, "branch_id": branch}}
        case ("special-days", _):
            return {"kind": "closure", "name": "Newcomer", "first": str(_FAR), "last": str(_FAR), "branch_id": branch}
        case ("policies", "move"):
            return {"steps": 1}
        case ("policies", _):
            return {"name": "Newcomer", "first_response": 5, "conditions": {"branches": [branch] if branch else []}}
        case ("suggestions", "accept"):
            return {"branch_id": branch}
    return {}


def form_for(template: str, ids: dict[str, str]) -> dict[str, str] | None:
    """What somebody would fill in on a screen of service levels; None for other pages."""
    found = re.fullmatch(r"/desk/(hours|sla)(?:/(.*))?", template)
    if found is None:
        return None
    match (found[1], (found[2] or "").rpartition("/")[2]):
        case ("hours", "week"):
            return {**_WEEK, "branch": ids.get("branch_slug", ""), "step": "apply"}
        case (_, "following" | "removal"):
            return {"version": ""}
        case ("sla", "place"):
            return {"to": "down"}
        case ("hours", _):
            days = {"kind": "closure", "name": "Newcomer", "first": str(_FAR), "last": str(_FAR)}
            return {**days, "branch": ids.get("branch_slug", ""), "step": "apply"}
        case _:
            return {"name": "Newcomer", "first_response": "5", "branches": ids.get("branch_id", "")}
