"""What happened to a lead, in order; entries of leads merged into it among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, and_, or_, select, tuple_

from app.accounts.models import AppUser
from app.core import lists
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.leads import rules
from app.leads.models import Lead, LeadEvent
from app.leads.queries.leads import lead_row, others_of
from app.leads.rules import mentions
from app.leads.schemas import Entry, LeadPage, Mark

_MOST = 500
_HIDDEN = ("before", "version", "mentions")  # what undoing needs, and what is shown otherwise


async def timeline(db: Db, lead_id: Id) -> list[Entry]:
    """The latest 500 entries, the oldest first. Ask for the lead itself before: this checks nothing."""
    merged = select(Lead.id).where(Lead.merged_into_id == lead_id)
    found = await db.execute(
        _select()
        .where(or_(LeadEvent.lead_id == lead_id, LeadEvent.lead_id.in_(merged)))
        .order_by(LeadEvent.at.desc(), LeadEvent.id.desc())
        .limit(_MOST)
    )
    return await _entries(db, found.all()[::-1], lead_id)


async def lead_page(db: Db, lead_id: Id, *, within: Id | None, masked: bool) -> LeadPage:
    """All that the page of a lead shows, and the position it was read at. Raises NotFound."""
    position = await lists.position(db)
    lead = await lead_row(db, lead_id, within=within, masked=masked)
    others = await others_of(db, lead, within=within)
    return LeadPage(lead=lead, entries=await timeline(db, lead.id), others=others, position=position)


async def entry(db: Db, entry_id: Id) -> Entry:
    """Raises NotFound."""
    row = one_or(await db.execute(_select().where(LeadEvent.id == entry_id)), NotFound)
    return (await _entries(db, [row], None))[0]


async def last_batch(db: Db, lead_id: Id, actor_id: Id) -> Id | None:
    """The latest action of this person on the lead: what undo takes back."""
    return await db.scalar(
        select(LeadEvent.batch_id)
        .where(LeadEvent.lead_id == lead_id, LeadEvent.actor_id == actor_id, LeadEvent.batch_id.is_not(None))
        .order_by(LeadEvent.at.desc(), LeadEvent.id.desc())
        .limit(1)
    )


async def version(db: Db, lead_id: Id) -> int:
    """The lead's version, with what this unit of work has changed."""
    await db.flush()
    return await db.scalar(select(Lead.version).where(Lead.id == lead_id)) or 0


class Answerer(Struct, frozen=True):
    """A colleague who has answered."""

    id: Id
    name: str


async def replied_since(db: Db, lead_id: Id, after: Id, me: Id) -> Answerer | None:
    """Who of the others has answered the buyer after entry `after`: the latest one."""
    seen = select(LeadEvent.at).where(LeadEvent.id == after, LeadEvent.lead_id == lead_id).scalar_subquery()
    found = await db.execute(
        select(AppUser)
        .join(LeadEvent, LeadEvent.actor_id == AppUser.id)
        .where(LeadEvent.lead_id == lead_id, LeadEvent.kind == "reply", LeadEvent.at > seen, LeadEvent.actor_id != me)
        .order_by(LeadEvent.at.desc())
        .limit(1)
    )
    person: AppUser | None = found.scalar_one_or_none()
    return Answerer(person.id, person.name) if person else None


async def call_for_change(db: Db, lead_id: Id, entry_id: Id) -> LeadEvent:
    """Lock its lead before. Raises NotFound for what is no call of this lead."""
    query = select(LeadEvent).where(LeadEvent.id == entry_id, LeadEvent.lead_id == lead_id, LeadEvent.kind == "call")
    found: LeadEvent = one_or(await db.scalars(query), NotFound)
    return found


async def last_call(db: Db, lead_id: Id, actor_id: Id) -> Id | None:
    """The latest of this person."""
    return await db.scalar(
        select(LeadEvent.id)
        .where(LeadEvent.lead_id == lead_id, LeadEvent.kind == "call", LeadEvent.actor_id == actor_id)
        .order_by(LeadEvent.at.desc(), LeadEvent.id.desc())
        .limit(1)
    )


async def answered_after(db: Db, lead_id: Id, made: LeadEvent) -> bool:
    """Whether one of us has answered the buyer after `made`, in writing or by phone."""
    by_phone = and_(LeadEvent.kind == "call", LeadEvent.data["outcome"].astext == rules.TALKED)
    query = select(LeadEvent.id).where(
        LeadEvent.lead_id == lead_id, LeadEvent.at > made.at, or_(LeadEvent.kind == "reply", by_phone)
    )
    return await db.scalar(query.limit(1)) is not None


async def deed_of(db: Db, batch_id: Id, actor_id: Id) -> str:
    """What kind of entry one action of this person wrote; "" for an action of nobody's or somebody else's."""
    kind: str | None = await db.scalar(
        select(LeadEvent.kind).where(LeadEvent.batch_id == batch_id, LeadEvent.actor_id == actor_id).limit(1)
    )
    return kind or ""


async def later_deed(db: Db, made: LeadEvent) -> Entry | None:
    """The latest entry of somebody's doing on the lead after `made`."""
    found = await db.execute(
        _select()
        .where(
            LeadEvent.lead_id == made.lead_id,
            tuple_(LeadEvent.at, LeadEvent.id) > (made.at, made.id),
            LeadEvent.kind.not_in(("warned", "breached", "deadline_moved")),
        )
        .order_by(LeadEvent.at.desc(), LeadEvent.id.desc())
        .limit(1)
    )
    rows = found.all()
    return (await _entries(db, rows, None))[0] if rows else None


async def batch_of(db: Db, batch_id: Id, actor_id: Id) -> list[LeadEvent]:
    """The entries one action of this person wrote."""
    found = await db.scalars(
        select(LeadEvent)
        .where(LeadEvent.batch_id == batch_id, LeadEvent.actor_id == actor_id)
        .order_by(LeadEvent.lead_id)
    )
    return list(found)


def _select() -> Select[*tuple[Any, ...]]:
    return select(LeadEvent, Lead.ref).join(Lead, Lead.id == LeadEvent.lead_id)


async def _entries(db: Db, rows: Sequence[Any], lead_id: Id | None) -> list[Entry]:
    """With the names of who did it and whom it is about: one look-up for all, each under the guard of people."""
    told = {event.id: [Id(one) for one in event.data.get("mentions", ())] for event, _ in rows}
    ids = {person for event, _ in rows for person in (event.actor_id, event.subject_id, *told[event.id]) if person}
    people = await db.scalars(select(AppUser).where(AppUser.id.in_(ids))) if ids else ()
    names = {person.id: person.name for person in people}
    return [_entry(row, lead_id, names, told[row[0].id]) for row in rows]


def _entry(row: Any, lead_id: Id | None, names: Mapping[Id, str], told: list[Id]) -> Entry:
    event, ref = row
    body, marks = mentions.read(event.body, told, names) if told else (event.body, [])
    return Entry(
        id=event.id,
        lead_id=event.lead_id,
        kind=event.kind,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=names.get(event.actor_id),
        subject_id=event.subject_id,
        subject_name=names.get(event.subject_id),
        body=body,
        channel=event.channel,
        delivery=event.delivery,
        data={name: value for name, value in event.data.items() if name not in _HIDDEN},
        mentions=told,
        marks=[Mark(*mark) for mark in marks],
        from_lead=ref if lead_id is not None and event.lead_id != lead_id else None,
    )
