"""Who looks after a lead. The first claim wins; everybody later is told who was first."""

from app.core.base import Db
from app.core.errors import Forbidden, Invalid
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import AlreadyAssigned, LeadClosed
from app.leads.facts import LeadAssigned
from app.leads.models import Lead
from app.leads.schemas import AssignForm
from app.leads.service import deadlines, rounds
from app.leads.service._entries import change, require


async def claim(db: Db, who: Principal, lead_id: Id) -> None:
    """Take a lead nobody has. Raises NotFound, LeadClosed, AlreadyAssigned (also for one's own)."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    if lead.assignee_id is not None:
        row = await queries.lead_row(db, lead_id)
        raise AlreadyAssigned(lead.assignee_id, row.assignee_name or "")
    if lead.status not in rules.OPEN:
        raise LeadClosed
    give(db, lead, who.person_id, kind="claimed")


async def assign(db: Db, who: Principal, lead_id: Id, form: AssignForm) -> None:
    """Hand a lead to somebody, or back to the queue. Raises NotFound, Invalid, Forbidden, ChangedMeanwhile."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    require(lead, form.version)
    await hand_over(db, who, lead, form.assignee_id)


async def hand_over(db: Db, who: Principal, lead: Lead, assignee_id: Id | None, *, batch_id: Id | None = None) -> bool:
    """Sales staff hand over what is theirs, nobody's or late; heads hand over anything. Whether anything changed.

    A lead of no branch goes to that of whoever gets it, who would not see it otherwise.

    Raises Invalid, Forbidden.
    """
    if who.role == "sales" and lead.assignee_id not in (None, who.person_id) and lead.late_since is None:
        raise Forbidden
    to = None
    if assignee_id is not None:
        people = {person.id: person for person in await queries.assignees(db, lead.branch_id)}
        to = people.get(assignee_id)
        if to is None:
            raise Invalid([{"field": "assignee_id", "message": "Nobody of this branch can be given this lead."}])
    if to is not None and lead.branch_id is None and to.branch_id is not None:
        changed = give(db, lead, assignee_id, batch_id=batch_id, branch_id=to.branch_id)
        await deadlines.repicked(db, lead, None)
    else:
        changed = give(db, lead, assignee_id, batch_id=batch_id)
    await rounds.poke(db, lead.branch_id)
    return changed


def give(
    db: Db, lead: Lead, assignee_id: Id | None, *, kind: str = "assigned", batch_id: Id | None = None,
    branch_id: Id | None = None,
) -> bool:  # fmt: skip
    """The change itself, with a `branch_id` where the lead moves there too; whether there was any."""
    moved = {} if branch_id is None else {"branch_id": branch_id}
    return change(
        db, lead, kind, {"assignee_id": assignee_id, **moved}, LeadAssigned,
        subject_id=assignee_id, batch_id=batch_id, assignee_id=assignee_id, was_id=lead.assignee_id,
    )  # fmt: skip
