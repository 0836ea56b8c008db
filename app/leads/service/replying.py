"""What we write: replies to the buyer, notes among ourselves."""

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import AnsweredMeanwhile, NoChannel
from app.leads.facts import LeadAssigned, LeadNoted, LeadReplied, LeadReplyDelivered, LeadStatusChanged
from app.leads.models import Contact, Lead, LeadEvent
from app.leads.rules import mentions, texts
from app.leads.schemas import NoteForm, ReplyForm
from app.leads.service import deadlines
from app.leads.service._entries import announce, change, entry, say


async def reply(db: Db, who: Principal, lead_id: Id, form: ReplyForm) -> Id:
    """Answer the buyer; the entry's id. It is sent afterwards, and the entry tells how that went.

    The first answer makes a new lead contacted, and a lead nobody has becomes the writer's.
    Raises NotFound, NoChannel, AnsweredMeanwhile, Invalid (a variable was left unfilled).
    """
    if left := rules.unfilled(form.body):
        raise Invalid([{"field": "body", "message": "Fill in what stands in braces first."}], unfilled=left)
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    await _reachable(db, lead, form.channel)
    by = await queries.replied_since(db, lead.id, form.after, who.person_id) if form.after else None
    if by is not None and not form.anyway:
        raise AnsweredMeanwhile(by.name)
    beside = await _beside(db, who, form) if by is None else None
    made = entry(
        db, lead, "reply", body=form.body, channel=form.channel, delivery="queued",
        subject_id=by.id if by else beside,
        data={
            **({"anyway": True} if by else {"beside": True} if beside else {}),
            **({"parts": texts.parts(form.body)} if form.channel == "sms" else {}),
        },
    )  # fmt: skip
    say(lead, form.body, ours=True)
    lead.version += 1
    first = lead.first_replied_at is None
    if first:
        lead.first_replied_at = clock.now()
    await deadlines.answered(db, lead)
    announce(db, lead, LeadReplied, made, {"first_replied_at": (None, lead.first_replied_at)} if first else {})
    take_up(db, who, lead)
    return made.id


async def _beside(db: Db, who: Principal, form: ReplyForm) -> Id | None:
    """Only a colleague's name is put down."""
    if form.beside is None or form.beside == who.person_id:
        return None
    works, _branch = await queries.reach(db, form.beside)
    return form.beside if works else None


def take_up(db: Db, who: Principal, lead: Lead) -> None:
    """Whoever answers first has the lead, if nobody did."""
    if lead.assignee_id is None:
        change(
            db, lead, "claimed", {"assignee_id": who.person_id}, LeadAssigned,
            subject_id=who.person_id, assignee_id=who.person_id, was_id=None,
        )  # fmt: skip
    if lead.status == rules.NEW:
        change(
            db, lead, "status", {"status": rules.CONTACTED}, LeadStatusChanged,
            status=rules.CONTACTED, was=rules.NEW, data={"from": rules.NEW, "to": rules.CONTACTED},
        )  # fmt: skip


async def _reachable(db: Db, lead: Lead, channel: str) -> None:
    """Raises NoChannel."""
    contact = await db.get(Contact, lead.contact_id)
    if contact is None or (channel == "email" and not contact.email):
        raise NoChannel
    if channel != "email" and not rules.is_mobile(contact.phone):
        raise NoChannel


async def note(db: Db, who: Principal, lead_id: Id, form: NoteForm) -> Id:
    """For colleagues only; the entry's id. Raises NotFound, Invalid (somebody named may not see the lead)."""
    lead = await queries.lead_for_change(db, lead_id, within=who.branch_id)
    body, named = await _named(db, lead, form)
    handled = lead.handled_at
    made = entry(db, lead, "note", body=body, data={"mentions": list(map(str, named))} if named else {})
    lead.handled_at = handled  # the buyer still waits
    lead.version += 1
    announce(db, lead, LeadNoted, made, {})
    return made.id


async def _named(db: Db, lead: Lead, form: NoteForm) -> tuple[str, list[Id]]:
    if "@" not in form.body and not form.mentions:
        return form.body, []
    people = [mentions.Named(one.id, one.name) for one in await queries.readers(db, lead.branch_id)]
    if set(form.mentions) - {one.id for one in people}:
        raise Invalid([{"field": "mentions", "message": _("No colleague who may see this lead.")}])
    return mentions.keep(form.body, people, form.mentions)


async def note_delivery(db: Db, entry_id: Id, delivery: str) -> None:
    """`sent` or `failed`; an entry that is no longer queued stays as it is."""
    made = await db.get(LeadEvent, entry_id, with_for_update=True)
    if made is None or made.delivery not in ("queued", "failed") or made.delivery == delivery:
        return
    before, made.delivery, made.delivered_at = made.delivery, delivery, clock.now()
    lead = await db.get(Lead, made.lead_id)
    if lead is not None:
        announce(db, lead, LeadReplyDelivered, made, {"delivery": (before, delivery)})
