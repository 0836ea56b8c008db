"""What starts, ends and moves the deadlines of a lead. Whoever calls holds the lead locked.

An answer is owed to a buyer who has written: the first one, then each next one. Only a person's answer is one: a reply,
a call in which they talked, or word that they have spoken (the lead leaves `new`). Closing ends everything, and nothing
the buyer says afterwards starts it again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.core import clock as clocks
from app.core.base import Db
from app.core.ids import Id, new_id
from app.leads import queries, rules
from app.leads.models import Lead, LeadClock, LeadPause
from app.leads.service import reckoning
from app.leads.service.reckoning import ANSWERS, FIRST, KINDS, NEXT, RESOLUTION
from app.sla import queries as sla
from app.sla import rules as business


async def of_new(db: Db, lead: Lead) -> list[LeadClock]:
    """The deadlines of a lead that is not written yet, and shown on it: add them once it is."""
    book = await sla.book(db)
    made = _made(lead, book, (FIRST, RESOLUTION))
    await settle(db, lead, made, book, told=[])
    return made


async def begin(
    db: Db, lead: Lead, *, kinds: Sequence[str] = (FIRST, RESOLUTION), running: list[LeadClock] | None = None
) -> None:
    """Start those of `kinds` that the lead's policy knows and that do not run yet; `running` where it is known."""
    running = await queries.running(db, lead.id) if running is None else running
    wanted = [kind for kind in kinds if kind not in {one.kind for one in running}]
    book = await sla.book(db) if wanted or running else None
    made = _made(lead, book, wanted) if book else []
    db.add_all(made)
    await settle(db, lead, [*running, *made], book)


async def asked_again(db: Db, lead: Lead) -> None:
    """The buyer has written once more: a pause is over, and an answer is owed again unless one is owed already."""
    await _end_pauses(db, lead)
    running = await queries.running(db, lead.id)
    owed = FIRST if lead.status == rules.NEW and lead.first_replied_at is None else NEXT
    await begin(db, lead, kinds=() if reckoning.owed(running) else (owed,), running=running)


async def answered(db: Db, lead: Lead, batch_id: Id | None = None) -> None:
    """One of us has."""
    await _end(db, lead, dict.fromkeys(ANSWERS, "met"), batch_id)


async def unanswered(db: Db, lead: Lead, batch_id: Id) -> None:
    """What was taken for an answer was none: what it ended runs on."""
    await _revive(db, lead, batch_id)


async def closed(db: Db, lead: Lead, batch_id: Id | None) -> None:
    """Won, lost or spam. What was owed is owed no more."""
    await _end_pauses(db, lead)
    spam = lead.status == rules.SPAM
    as_what = dict.fromkeys(ANSWERS, "spam" if spam else "closed") | {RESOLUTION: "spam" if spam else "met"}
    await _end(db, lead, as_what, batch_id)


async def reopened(db: Db, lead: Lead) -> None:
    """A new answer is owed only where the lead is new again."""
    await begin(db, lead, kinds=(FIRST, RESOLUTION) if lead.status == rules.NEW else (RESOLUTION,))


async def undone(db: Db, lead: Lead, batch_id: Id) -> None:
    """A change of state was taken back: what it ended runs on as if it had not been, what it began is gone."""
    if lead.status in rules.OPEN:
        await _revive(db, lead, batch_id)
        return
    for one in await queries.running(db, lead.id):
        await db.delete(one)
    await _settle_running(db, lead)


async def pause(db: Db, lead: Lead, reason: str, until: datetime | None) -> None:
    """Nothing runs until then, or until somebody resumes it."""
    await _end_pauses(db, lead)
    db.add(
        LeadPause(
            id=new_id(), org_id=lead.org_id, lead_id=lead.id, reason=reason, actor_id=db.scope.actor_id,
            started_at=clocks.now(), ends_at=until,
        )
    )  # fmt: skip
    await _settle_running(db, lead)


async def resume(db: Db, lead: Lead) -> None:
    await _end_pauses(db, lead)
    await _settle_running(db, lead)


async def merged(db: Db, lead: Lead, into: Lead) -> None:
    """An answer that was owed here is owed there."""
    here, there = await queries.running(db, lead.id), await queries.running(db, into.id)
    if into.status in rules.OPEN and not reckoning.owed(there):
        kind = NEXT if into.first_replied_at else FIRST
        carried = [reckoning.carried(one, into, kind) for one in here if one.kind in ANSWERS]
        db.add_all(carried)
        await settle(db, into, [*there, *carried])
    await _end(db, lead, dict.fromkeys(KINDS, "merged"), into.id)


async def unmerged(db: Db, lead: Lead, into: Lead) -> None:
    """Everything as it was before they were one."""
    taken = await queries.ended_by(db, lead.id, into.id)
    for one in await queries.following(db, into.id, [one.id for one in taken]):
        await db.delete(one)
    await _settle_running(db, into)
    await _revive(db, lead, into.id)


async def repicked(db: Db, lead: Lead, was_branch_id: Id | None) -> None:
    """Another branch or priority: each deadline goes on under the policy and the calendar that now fit, with the open
    time it has used, or the working days since it began. One that was missed stays missed."""
    running = await queries.running(db, lead.id)
    if not running:
        return
    now, told = clocks.now(), await queries.pauses(db, lead.id)
    book = await sla.book(db)
    policy, before = business.pick(book.policies, about(lead)), book.calendar(was_branch_id)
    for one in running:
        if one.breached_at is None:
            spent = business.elapsed(reckoning.clock_of(one, before, told), now)
            reckoning.stamp(one, policy)
            reckoning.go_on(one, spent, now)
    await settle(db, lead, running, book)


async def settle(
    db: Db,
    lead: Lead,
    running: Sequence[LeadClock],
    book: sla.Book | None = None,
    told: Sequence[LeadPause] | None = None,
) -> None:
    """Reckon what runs, and show on the lead the one that counts; `book` and `told` where they are known."""
    now = clocks.now()
    if told is None:
        told = await queries.pauses(db, lead.id) if running else []
    if running:
        book = book or await sla.book(db)
        reckoning.reckon(running, book.calendar(lead.branch_id), told, now)
    reckoning.show(lead, running, told, now)


def about(lead: Lead) -> business.About:
    return business.About(lead.source, lead.branch_id, lead.priority, lead.price_at_open)


def _made(lead: Lead, book: sla.Book, kinds: Sequence[str]) -> list[LeadClock]:
    policy = business.pick(book.policies, about(lead)) if kinds else None
    return [one for kind in kinds if policy and (one := reckoning.made(lead, policy, kind)) is not None]


async def _end(db: Db, lead: Lead, ended_as: Mapping[str, str], batch_id: Id | None) -> None:
    running = await queries.running(db, lead.id)
    ending = [one for one in running if one.kind in ended_as]
    book, told = (await sla.book(db), await queries.pauses(db, lead.id)) if running else (None, [])
    if book and ending:
        now, branch = clocks.now(), book.calendar(lead.branch_id)
        for one in ending:
            took = business.elapsed(reckoning.clock_of(one, branch, told), now)
            one.ended_at, one.ended_as, one.ended_by = now, ended_as[one.kind], batch_id
            one.took_s = int(took.total_seconds())
    await settle(db, lead, [one for one in running if one not in ending], book, told)


async def _revive(db: Db, lead: Lead, batch_id: Id) -> None:
    running = {one.kind for one in await queries.running(db, lead.id)}
    for one in await queries.ended_by(db, lead.id, batch_id):
        if one.kind not in running:
            one.ended_at = one.ended_as = one.ended_by = one.took_s = None
    await _settle_running(db, lead)


async def _end_pauses(db: Db, lead: Lead) -> None:
    now = clocks.now()
    for pause in await queries.pauses(db, lead.id):
        if pause.ended_at is None and (pause.ends_at is None or pause.ends_at > now):
            pause.ended_at = now


async def _settle_running(db: Db, lead: Lead) -> None:
    await db.flush()
    await settle(db, lead, await queries.running(db, lead.id))
