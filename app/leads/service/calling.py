"""Calls: each is put down when somebody rings the buyer, and how it went once they have said so.

Only a talk answers the buyer: ringing in vain leaves the deadline running and the buyer waiting, however often.
"""

from typing import Any

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import NoNumber
from app.leads.facts import LeadCalled
from app.leads.models import Contact, Lead, LeadEvent
from app.leads.service import deadlines
from app.leads.service._entries import announce, entry
from app.leads.service.replying import take_up


async def call(db: Db, who: Principal, lead_id: Id, outcome: str | None = None) -> Id:
    """Put down that this person rings the buyer, or has; the entry's id. Raises NotFound, NoNumber."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    contact = await db.get(Contact, lead.contact_id)
    if contact is None or not contact.phone:
        raise NoNumber
    handled = lead.handled_at
    made = entry(db, lead, "call")
    lead.handled_at = handled  # the buyer still waits
    await _went(db, who, lead, made, outcome)
    return made.id


async def settle_call(db: Db, who: Principal, lead_id: Id, entry_id: Id, outcome: str) -> None:
    """Say how a call went, or that it went otherwise. Raises NotFound."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    made = await queries.call_for_change(db, lead_id, entry_id)
    if made.data.get("outcome") != outcome:
        await _went(db, who, lead, made, outcome)


async def _went(db: Db, who: Principal, lead: Lead, made: LeadEvent, outcome: str | None) -> None:
    was = made.data.get("outcome")
    if was == rules.TALKED:
        await _unsay(db, lead, made)
    made.data = {**made.data, "outcome": outcome}
    first = lead.first_replied_at
    if outcome == rules.TALKED:
        before = {"handled_at": lead.handled_at, "first_replied_at": first}
        made.data = {**made.data, "before": msgspec.to_builtins(before)}
        lead.handled_at = clock.now()
        lead.first_replied_at = first or clock.now()
        await deadlines.answered(db, lead, made.id)
    lead.version += 1
    changed: dict[str, tuple[Any, Any]] = {"outcome": (was, outcome)}
    if lead.first_replied_at != first:
        changed["first_replied_at"] = (first, lead.first_replied_at)
    announce(db, lead, LeadCalled, made, changed, outcome=outcome)
    if outcome == rules.TALKED and lead.status in rules.OPEN:
        take_up(db, who, lead)


async def _unsay(db: Db, lead: Lead, made: LeadEvent) -> None:
    """Nobody was reached after all: the buyer waits again, unless somebody has answered since."""
    before = made.data.get("before", {})
    handled, first = (before.get(name) for name in ("handled_at", "first_replied_at"))
    if await queries.answered_after(db, lead.id, made):
        return
    lead.handled_at = msgspec.convert(handled, type(lead.arrived_at)) if handled else None
    lead.first_replied_at = msgspec.convert(first, type(lead.arrived_at)) if first else None
    if lead.status in rules.OPEN:
        await deadlines.unanswered(db, lead, made.id)
