"""Notices of an org's head in the tenancy world, and what to send to the routes about them."""

from typing import Any

from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal
from app.leads import service as leads
from app.leads.facts import LeadAssigned
from app.leads.schemas import AssignForm
from app.notices import queries, service


async def notice_of(db: Db, who: Principal, lead_id: Id) -> dict[str, str]:
    """Two of the head's: a lead that came to them, and a test; ids by parameter name."""
    await service.try_out(db, who)
    await leads.assign(db, who, lead_id, AssignForm(assignee_id=who.person_id))
    await db.flush()
    fact = LeadAssigned(org_id=who.org_id, id=lead_id, assignee_id=who.person_id)
    await service.tell_assigned(db, fact)
    await db.flush()
    page = await queries.notices(db, who.person_id)
    return {"notice_id": str(page.items[0].id)}


def choices_for(template: str) -> dict[str, Any] | None:
    """What somebody would send to choose over JSON; None for other routes."""
    if not template.endswith("/v1/notices/choices"):
        return None
    return {"quiet": False, "choices": [{"kind": "sla_warned", "channel": "mail", "on": False}]}


def ticks_for(template: str) -> dict[str, str] | None:
    """The same on the page."""
    return {"quiet": "1", "sla_warned.mail": "1"} if template == "/desk/notices/choices" else None
