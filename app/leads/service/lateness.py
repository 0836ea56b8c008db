"""Deadlines that come: a warning when most of the time is over, a breach when all of it is, each once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.core.base import Db, evenly
from app.core.events import record
from app.leads import queries
from app.leads.facts import LeadCallDue
from app.leads.models import Lead, LeadClock
from app.leads.service import reckoning
from app.leads.service._entries import announce, entry
from app.leads.service.changing import wake
from app.sla.facts import SlaBreached, SlaWarned

_FACTS: Mapping[str, type[SlaWarned] | type[SlaBreached]] = {"warned": SlaWarned, "breached": SlaBreached}


async def fall_due(db: Db, leads: Sequence[Lead], at: datetime) -> None:
    """Mark what has come by `at`, the database's time, on locked leads, and set when each is next to be looked at.

    A snoozed lead whose buyer waits for an answer comes back.
    """
    ids = [lead.id for lead in leads]
    running, pauses = await queries.running_of(db, ids), await queries.pauses_of(db, ids)
    for lead in leads:
        for one in running[lead.id]:
            for what in reckoning.mark(one, at):
                _tell(db, lead, one, what)
        reckoning.show(lead, running[lead.id], pauses[lead.id], at)
    evenly(leads, *reckoning.SHOWN, "breached_at")
    evenly([one for lead in leads for one in running[lead.id]], "warned_at", "breached_at")


async def come_up(db: Db, leads: Sequence[Lead], at: datetime) -> None:
    """Little time is left to answer these locked leads: they are to be called now."""
    ids = [lead.id for lead in leads]
    running, pauses = await queries.running_of(db, ids), await queries.pauses_of(db, ids)
    for lead in leads:
        reckoning.show(lead, running[lead.id], pauses[lead.id], at)
        if lead.call_since is not None:
            announce(db, lead, LeadCallDue, None, {"call_since": (None, lead.call_since)})
    evenly(leads, *reckoning.SHOWN)


def _tell(db: Db, lead: Lead, one: LeadClock, what: str) -> None:
    due_at = one.due_at.isoformat() if one.due_at else None
    made = entry(db, lead, what, data={"kind": one.kind, "due_at": due_at, "policy": one.policy_name}, by_us=False)
    changed: dict[str, tuple[Any, Any]] = {}
    if what == "breached" and lead.breached_at is None:
        lead.breached_at = one.breached_at
        changed["breached_at"] = (None, one.breached_at)
    fact = _FACTS[what](org_id=lead.org_id, id=lead.id, branch_id=lead.branch_id, kind=one.kind, entry_id=made.id)
    record(db, fact, changed=changed)
    if lead.snoozed_until is not None and one.kind in reckoning.ANSWERS:
        wake(db, lead, by_us=False)
