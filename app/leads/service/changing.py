"""What becomes of a lead: its state, its details, out of sight for a while or for good."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET

from app.core import blind, clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.crypto import Place, seal
from app.core.errors import Invalid, NotFound
from app.core.events import HIDDEN
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import LeadClosed, NotThatWay, OpenLeadExists, PhoneTaken
from app.leads.facts import LeadArchived, LeadEdited, LeadRestored, LeadSnoozed, LeadStatusChanged, LeadWoken
from app.leads.models import Contact, Lead
from app.leads.schemas import LeadPatch, SnoozeForm, StatusForm
from app.leads.service import deadlines, rounds
from app.leads.service._entries import announce, change, entry, require
from app.leads.service.opening import e164
from app.sla import queries as sla
from app.sla import rules as business

_LONGEST_SNOOZE = timedelta(days=90)


async def change_status(db: Db, who: Principal, lead_id: Id, form: StatusForm) -> None:
    """Along the allowed transitions. Raises NotFound, ChangedMeanwhile, NotThatWay, Invalid (no reason for lost)."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    require(lead, form.version)
    await go(db, lead, form.status, form.reason)


async def go(db: Db, lead: Lead, status: str, reason: str | None, *, batch_id: Id | None = None) -> bool:
    """The change itself, on a locked lead; whether there was any."""
    if status == lead.status:
        return False
    if not rules.may_go(lead.status, status):
        raise NotThatWay(lead.status, list(rules.TRANSITIONS[lead.status]))
    if status == rules.LOST and not (reason or "").strip():
        raise Invalid([{"field": "reason", "message": "Say why it was lost."}])
    if status in rules.OPEN and lead.status not in rules.OPEN:
        await _only_open_one(db, lead)
    was = lead.status
    changes: dict[str, Any] = {
        "status": status,
        "lost_reason": reason if status == rules.LOST else None,
        "closed_at": clock.now() if rules.closes(status) else None,
        "snoozed_until": None,
    }
    batch_id = batch_id or new_id()
    done = change(
        db, lead, "status", changes, LeadStatusChanged, batch_id=batch_id, status=status, was=was,
        data={"from": was, "to": status, "reason": changes["lost_reason"]},
    )  # fmt: skip
    await _follow(db, lead, was, batch_id)
    return done


async def _follow(db: Db, lead: Lead, was: str, batch_id: Id) -> None:
    """What the new state means for its deadlines. Whoever moves a lead out of `new` has spoken to the buyer."""
    if rules.closes(lead.status):
        await deadlines.closed(db, lead, batch_id)
    elif rules.closes(was):
        await deadlines.reopened(db, lead)
    elif was == rules.NEW:
        await deadlines.answered(db, lead, batch_id)
    await rounds.poke(db, lead.branch_id)


async def _only_open_one(db: Db, lead: Lead) -> None:
    """Raises OpenLeadExists when the buyer has come back with a new lead for the same car meanwhile."""
    await db.get(Contact, lead.contact_id, with_for_update=True)
    other = await queries.open_lead_of(db, lead.contact_id, lead.listing_id) if lead.listing_id else None
    if other is not None and other.id != lead.id:
        raise OpenLeadExists


async def change_lead(db: Db, who: Principal, lead_id: Id, patch: LeadPatch) -> None:
    """The buyer's details and the car. Raises NotFound, ChangedMeanwhile, Invalid, OpenLeadExists."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    require(lead, patch.version)
    contact = await db.get(Contact, lead.contact_id, with_for_update=True)
    if contact is None:
        raise NotFound
    told = await _change_contact(db, contact, patch)
    if patch.listing_id is not UNSET and patch.listing_id != lead.listing_id:
        told["listing_id"] = (lead.listing_id, patch.listing_id)
        await _change_car(db, lead, patch.listing_id)
    if patch.priority is not UNSET and patch.priority != lead.priority:
        told["priority"] = (lead.priority, patch.priority)
        lead.priority = patch.priority
        await deadlines.repicked(db, lead, lead.branch_id)
    if not told:
        return
    lead.version += 1
    made = entry(db, lead, "edited", data={"fields": sorted(told)})
    announce(db, lead, LeadEdited, made, told)


async def _change_contact(db: Db, contact: Contact, patch: LeadPatch) -> dict[str, tuple[Any, Any]]:
    """What changed; personal data hidden."""
    told: dict[str, tuple[Any, Any]] = {}
    phone = e164(patch.phone) if patch.phone is not UNSET else contact.phone
    if phone != contact.phone and phone is not None:
        contact.phone_sealed, contact.phone_index = _sealed(contact, "phone", phone), _index(contact, phone)
        told["phone"] = (HIDDEN, HIDDEN)
    if patch.name is not UNSET and patch.name != contact.name:
        contact.name_sealed = _sealed(contact, "name", patch.name)
        told["name"] = (HIDDEN, HIDDEN)
    if patch.email is not UNSET and patch.email != contact.email:
        contact.email_sealed = _sealed(contact, "email", patch.email) if patch.email else None
        told["email"] = (HIDDEN, HIDDEN)
    if patch.lang is not UNSET and patch.lang != contact.lang:
        told["lang"] = (contact.lang, patch.lang)
        contact.lang = patch.lang
    if told:
        contact.search = blind.person_codes(
            contact.org_id, name=contact.name, phone=contact.phone or "", email=contact.email or ""
        )
        async with unique_or(db, "uq_contact_org_id_phone_index", PhoneTaken):
            pass  # flushed at the end of the block
    return told


def _index(contact: Contact, phone: str) -> bytes:
    return blind.unique_in(contact.org_id, "phone", phone)


def _sealed(contact: Contact, column: str, value: str) -> bytes:
    return seal(value, Place("contact", column, contact.org_id, contact.id))


async def _change_car(db: Db, lead: Lead, listing_id: Id | None) -> None:
    if listing_id is not None:
        if await queries.own_listing(db, listing_id) is None:
            raise NotFound
        other = await queries.open_lead_of(db, lead.contact_id, listing_id)
        if other is not None and other.id != lead.id:
            raise OpenLeadExists
    lead.listing_id = listing_id


async def snooze(db: Db, who: Principal, lead_id: Id, form: SnoozeForm) -> None:
    """Out of the inbox until a moment, at most 90 days away; without one it wakes now.

    Raises NotFound, LeadClosed, Invalid.
    """
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    if form.choice is None and form.until is None:
        wake(db, lead)
        return
    put_off(db, lead, moment(form, await sla.calendar_for(db, lead.branch_id)))
    await rounds.poke(db, lead.branch_id)


def moment(form: SnoozeForm, calendar: business.Calendar) -> datetime:
    """Raises Invalid for a moment that is past, too far, or unknown."""
    now = clock.now()
    until = form.until or rules.snooze_until(form.choice or "", now, calendar)
    if until is None or not now < until <= now + _LONGEST_SNOOZE:
        field = "until" if form.until else "choice"
        raise Invalid([{"field": field, "message": "Choose a moment within the next 90 days."}])
    return until


def put_off(db: Db, lead: Lead, until: datetime, *, batch_id: Id | None = None) -> bool:
    if lead.status not in rules.OPEN:
        raise LeadClosed
    return change(
        db, lead, "snoozed", {"snoozed_until": until}, LeadSnoozed, batch_id=batch_id, data={"until": until.isoformat()}
    )


def wake(db: Db, lead: Lead, *, by_us: bool = True) -> bool:
    """Back into the inbox, at the place of its latest arrival."""
    return change(db, lead, "woken", {"snoozed_until": None}, LeadWoken, by_us=by_us)


async def archive(db: Db, who: Principal, lead_id: Id) -> None:
    await shelve(db, await queries.lead_for_change(db, lead_id, within=who.branch_id))


async def shelve(db: Db, lead: Lead, *, batch_id: Id | None = None) -> bool:
    """Nothing runs out while a lead is out of sight."""
    if lead.archived_at is not None:
        return False
    await deadlines.pause(db, lead, "archived", None)
    await rounds.poke(db, lead.branch_id)
    return change(
        db, lead, "archived", {"archived_at": clock.now(), "snoozed_until": None}, LeadArchived, batch_id=batch_id
    )


async def restore(db: Db, who: Principal, lead_id: Id) -> None:
    await unshelve(db, await queries.lead_for_change(db, lead_id, within=who.branch_id))


async def unshelve(db: Db, lead: Lead, *, batch_id: Id | None = None) -> bool:
    if lead.archived_at is not None:
        await deadlines.resume(db, lead)
        await rounds.poke(db, lead.branch_id)
    return change(db, lead, "restored", {"archived_at": None}, LeadRestored, batch_id=batch_id)
