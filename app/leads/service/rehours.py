"""Other hours: what they would do to the deadlines that run, and what they do."""

from collections.abc import Sequence

import msgspec

from app.core import clock
from app.core.base import Db, evenly
from app.core.events import record
from app.core.ids import Id
from app.leads import queries
from app.leads.models import Lead
from app.leads.service import reckoning
from app.leads.service._entries import entry
from app.sla import queries as sla
from app.sla import rules as business
from app.sla.facts import DeadlineMoved
from app.sla.schemas import Moved

AT_ONCE = 200


async def preview(db: Db, plan: sla.Plan) -> list[Moved]:
    """Every running deadline that the plan would move, the one due first at the top."""
    now, found, last = clock.now(), list[Moved](), None
    while leads := await queries.clocked(db, plan.branch_id, after=last, limit=AT_ONCE):
        ids, last = [lead.id for lead in leads], leads[-1].id
        running, pauses = await queries.running_of(db, ids), await queries.pauses_of(db, ids)
        branches = await sla.calendars(db, {lead.branch_id for lead in leads}, plan=plan)
        for lead in leads:
            for one in running[lead.id]:
                reckoned = reckoning.clock_of(one, branches[lead.branch_id], pauses[lead.id])
                after = business.due(reckoned)
                if not reckoning.missed(one, now) and after != one.due_at:
                    found.append(Moved(lead.id, lead.ref, lead.branch_id, one.kind, one.due_at, after))
    return sorted(found, key=lambda moved: (moved.before is None, moved.before))


async def follow_hours(db: Db, branch_id: Id | None, *, after: Id | None = None) -> Id | None:
    """Reckon the next leads after `after` by the hours there are now, a fact for every deadline that moves; where to go
    on, or None at the end. Doing it again moves nothing."""
    ids = [lead.id for lead in await queries.clocked(db, branch_id, after=after, limit=AT_ONCE)]
    leads = await queries.leads_for_change(db, ids, within=None)
    await _reckon(db, leads)
    return ids[-1] if ids else None


async def _reckon(db: Db, leads: Sequence[Lead]) -> None:
    now, ids = clock.now(), [lead.id for lead in leads]
    running, pauses = await queries.running_of(db, ids), await queries.pauses_of(db, ids)
    branches = await sla.calendars(db, {lead.branch_id for lead in leads})
    for lead in leads:
        for one, before in reckoning.reckon(running[lead.id], branches[lead.branch_id], pauses[lead.id], now):
            told = {"kind": one.kind, "was": before, "due_at": one.due_at}
            made = entry(db, lead, "deadline_moved", data=msgspec.to_builtins(told), by_us=False)
            fact = DeadlineMoved(
                org_id=lead.org_id, id=lead.id, branch_id=lead.branch_id, kind=one.kind, entry_id=made.id
            )
            record(db, fact, changed={"due_at": (before, one.due_at)})
        reckoning.show(lead, running[lead.id], pauses[lead.id], now)
    evenly(leads, *reckoning.SHOWN)
    evenly([one for lead in leads for one in running[lead.id]], "due_at", "warn_at", "call_at")
