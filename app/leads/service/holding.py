"""What holds a lead's deadlines up, and what moves them: a pause for a reason, another branch."""

from datetime import timedelta

from app.core import clock
from app.core.base import Db
from app.core.errors import Forbidden, Invalid
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import LeadClosed
from app.leads.facts import LeadMoved, LeadPaused, LeadResumed
from app.leads.schemas import MoveForm, PauseForm
from app.leads.service import deadlines, rounds
from app.leads.service._entries import announce, change, entry, require
from app.orgs import queries as orgs

_LONGEST = timedelta(days=90)


async def pause(db: Db, who: Principal, lead_id: Id, form: PauseForm) -> None:
    """Raises NotFound, LeadClosed, Invalid (a moment that is past or more than 90 days away)."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    if lead.status not in rules.OPEN:
        raise LeadClosed
    now = clock.now()
    if form.until is not None and not now < form.until <= now + _LONGEST:
        raise Invalid([{"field": "until", "message": "Choose a moment within the next 90 days."}])
    before = lead.due_at
    await deadlines.pause(db, lead, form.reason, form.until)
    lead.version += 1
    until = form.until.isoformat() if form.until else None
    made = entry(db, lead, "paused", data={"reason": form.reason, "until": until})
    announce(db, lead, LeadPaused, made, {"due_at": (before, lead.due_at)})


async def resume(db: Db, who: Principal, lead_id: Id) -> None:
    """Raises NotFound. What runs already runs on."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    if lead.paused_for is None or lead.archived_at is not None:
        return
    before = lead.due_at
    await deadlines.resume(db, lead)
    lead.version += 1
    announce(db, lead, LeadResumed, entry(db, lead, "resumed"), {"due_at": (before, lead.due_at)})


async def move(db: Db, who: Principal, lead_id: Id, form: MoveForm) -> None:
    """To another branch, where nobody has it yet. Sales staff move what is theirs or nobody's.

    Raises NotFound, Forbidden, Invalid (no such branch), ChangedMeanwhile.
    """
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    require(lead, form.version)
    if who.role == "sales" and lead.assignee_id not in (None, who.person_id):
        raise Forbidden
    await orgs.require_branch(db, form.branch_id)
    was, had = lead.branch_id, lead.assignee_id
    if was == form.branch_id:
        return
    told = {"branch_id": form.branch_id, "assignee_id": None}
    change(db, lead, "moved", told, LeadMoved, was_branch_id=was, had_id=had, data={"was": str(was or "")})
    await deadlines.repicked(db, lead, was)
    await rounds.poke(db, was, lead.branch_id)
