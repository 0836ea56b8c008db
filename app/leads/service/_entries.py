"""How every change of a lead is written: the row, its entry in the timeline, and the fact."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.crypto import seal
from app.core.events import HIDDEN, record
from app.core.ids import Id, new_id
from app.leads import rules
from app.leads.errors import ChangedMeanwhile
from app.leads.facts import LeadFact
from app.leads.models import Lead, LeadEvent, body_place, excerpt_place


def entry(
    db: Db,
    lead: Lead,
    kind: str,
    *,
    body: str = "",
    data: Mapping[str, Any] | None = None,
    subject_id: Id | None = None,
    batch_id: Id | None = None,
    channel: str | None = None,
    delivery: str | None = None,
    by_us: bool = True,
) -> LeadEvent:
    """Add an entry to the timeline; `by_us` when a member did it, which counts as handling the lead."""
    id_, now = new_id(), clock.now()
    made = LeadEvent(
        id=id_,
        org_id=lead.org_id,
        lead_id=lead.id,
        kind=kind,
        actor_id=db.scope.actor_id if by_us else None,
        subject_id=subject_id,
        body_sealed=seal(body, body_place(lead.org_id, id_)) if body else None,
        data=dict(data or {}),
        batch_id=batch_id,
        channel=channel,
        delivery=delivery,
        at=now,
    )
    db.add(made)
    if by_us:
        lead.handled_at = now
    return made


def say(lead: Lead, text: str, *, ours: bool) -> None:
    """Show the start of `text` in the inbox."""
    if text:
        lead.excerpt_sealed = seal(rules.excerpt(text), excerpt_place(lead.org_id, lead.id))
        lead.excerpt_ours = ours


def require(lead: Lead, version: int | None) -> None:
    """Raises ChangedMeanwhile when somebody has changed the lead since `version` was read."""
    if version is not None and version != lead.version:
        raise ChangedMeanwhile(lead.version)


def change(
    db: Db,
    lead: Lead,
    kind: str,
    changes: Mapping[str, Any],
    fact: type[LeadFact],
    *,
    batch_id: Id | None = None,
    subject_id: Id | None = None,
    data: Mapping[str, Any] | None = None,
    by_us: bool = True,
    **told: Any,
) -> bool:
    """Set fields of a locked lead, with its entry (which keeps what was, for taking it back) and its fact.

    Nothing happens, and False is returned, when every field already has its value.
    """
    before = {name: getattr(lead, name) for name in changes}
    if before == dict(changes):
        return False
    for name, value in changes.items():
        setattr(lead, name, value)
    lead.version += 1
    kept = {"before": msgspec.to_builtins(before), "version": lead.version, **(data or {})}
    made = entry(db, lead, kind, data=kept, subject_id=subject_id, batch_id=batch_id or new_id(), by_us=by_us)
    diff = {name: (before[name], value) for name, value in changes.items()}
    announce(db, lead, fact, made, diff, **told)
    return True


def announce(
    db: Db, lead: Lead, fact: type[LeadFact], made: LeadEvent | None, diff: Mapping[str, tuple[Any, Any]], **told: Any
) -> None:
    """Record `fact` of the lead."""
    entry_id = made.id if made is not None else None
    record(
        db,
        fact(org_id=lead.org_id, id=lead.id, branch_id=lead.branch_id, entry_id=entry_id, **told),
        changed={name: (HIDDEN, HIDDEN) if name.endswith("_sealed") else pair for name, pair in diff.items()},
    )
