"""One action on many leads, and taking the latest action back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid, NotFound, Refused
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import NothingToUndo, Overtaken
from app.leads.facts import LeadUndone
from app.leads.models import Lead, LeadEvent
from app.leads.schemas import Bulk, BulkForm, SnoozeForm
from app.leads.service import assigning, changing, deadlines, rounds
from app.leads.service._entries import announce, entry
from app.sla import queries as sla
from app.sla.rules import ALWAYS, Calendar

_TYPES: Mapping[str, Any] = {
    "status": str,
    "lost_reason": str | None,
    "closed_at": datetime | None,
    "snoozed_until": datetime | None,
    "archived_at": datetime | None,
    "assignee_id": Id | None,
    "branch_id": Id | None,
}


async def bulk(db: Db, who: Principal, form: BulkForm) -> Bulk:
    """All that can be done is done; the others stay as they are and are named with the reason's code.

    Raises Invalid for a form without what its action needs.
    """
    _complete(form)
    batch_id, done, skipped = new_id(), list[Id](), dict[str, str]()
    found = await queries.leads_for_change(db, form.ids, within=who.branch_id)
    calendars = await sla.calendars(db, {lead.branch_id for lead in found}) if form.action == "snooze" else {}
    for lead in found:
        try:
            changed = await _one(db, who, lead, form, batch_id, calendars.get(lead.branch_id, ALWAYS))
        except Refused as refusal:
            skipped[str(lead.id)] = refusal.code
            continue
        if changed:
            done.append(lead.id)
        else:
            skipped[str(lead.id)] = "unchanged"
    here = {lead.id for lead in found}
    skipped |= {str(lead_id): "not_found" for lead_id in form.ids if lead_id not in here}
    return Bulk(batch_id=batch_id, done=done, skipped=skipped)


def _complete(form: BulkForm) -> None:
    if form.action == "status" and form.status is None:
        raise Invalid([{"field": "status", "message": "Choose a state."}])
    if form.action == "status" and form.status == rules.LOST and not (form.reason or "").strip():
        raise Invalid([{"field": "reason", "message": "Say why it was lost."}])
    if form.action == "snooze":
        changing.moment(SnoozeForm(choice=form.choice or ""), ALWAYS)


async def _one(db: Db, who: Principal, lead: Lead, form: BulkForm, batch_id: Id, calendar: Calendar) -> bool:
    match form.action:
        case "assign":
            return await assigning.hand_over(db, who, lead, form.assignee_id, batch_id=batch_id)
        case "status":
            return await changing.go(db, lead, form.status or lead.status, form.reason, batch_id=batch_id)
        case "snooze":
            await rounds.poke(db, lead.branch_id)
            until = changing.moment(SnoozeForm(choice=form.choice), calendar)
            return changing.put_off(db, lead, until, batch_id=batch_id)
        case "archive":
            return await changing.shelve(db, lead, batch_id=batch_id)
        case "restore":
            return await changing.unshelve(db, lead, batch_id=batch_id)


async def undo(db: Db, who: Principal, batch_id: Id) -> Bulk:
    """Give every lead of one's own action its fields back, where nobody has changed it since.

    Raises NotFound for an action of somebody else, NothingToUndo for one older than 24 hours, Overtaken.
    """
    entries = {made.lead_id: made for made in await queries.batch_of(db, batch_id, who.person_id)}
    since = clock.now() - rules.UNDO_WITHIN
    if not entries:
        raise NotFound
    if any(made.at < since for made in entries.values()):
        raise NothingToUndo
    done, skipped = list[Id](), dict[str, str]()
    found = await queries.leads_for_change(db, list(entries), within=who.branch_id)
    for lead in found:
        made = entries[lead.id]
        if made.data.get("version") != lead.version or "before" not in made.data:
            skipped[str(lead.id)] = "changed_meanwhile"
            continue
        await _back(db, lead, made)
        done.append(lead.id)
    if not done:
        raise await _overtaken(db, who, list(entries.values()))
    return Bulk(batch_id=batch_id, done=done, skipped=skipped)


async def _overtaken(db: Db, who: Principal, entries: list[LeadEvent]) -> Refused:
    """What has happened to the lead since, where it is one and `who` sees it."""
    made = entries[0]
    later = await queries.later_deed(db, made)
    try:
        lead = await queries.lead_row(db, made.lead_id, within=who.branch_id)
    except NotFound:
        return NothingToUndo()
    if later is None:
        return NothingToUndo()
    mine = later.actor_id == who.person_id
    return Overtaken(leads=len(entries), name=lead.name, by=later.actor_name, deed=later.kind, mine=mine)


async def _back(db: Db, lead: Lead, made: LeadEvent) -> None:
    was_archived = lead.archived_at is not None
    before = {name: msgspec.convert(value, _TYPES[name]) for name, value in made.data["before"].items()}
    diff = {name: (getattr(lead, name), value) for name, value in before.items()}
    for name, value in before.items():
        setattr(lead, name, value)
    lead.version += 1
    if "branch_id" in before:
        await deadlines.repicked(db, lead, diff["branch_id"][0])
    if "status" in before and made.batch_id is not None:
        await deadlines.undone(db, lead, made.batch_id)
    elif "archived_at" in before:
        await (deadlines.resume(db, lead) if was_archived else deadlines.pause(db, lead, "archived", None))
    await rounds.poke(db, lead.branch_id)
    undone = entry(db, lead, "undone", data={"kind": made.kind})
    announce(db, lead, LeadUndone, undone, diff, was_branch_id=diff.get("branch_id", (None,))[0])
