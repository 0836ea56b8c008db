"""Who is told of what happened: a notice for each person, shown at once or when the branch opens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid, NotFound
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import queries as feeds
from app.feeds.facts import RunHeld, SourceStopped
from app.leads import queries as leads
from app.leads.facts import LeadAssigned, LeadMoved, LeadNoted
from app.leads.schemas import LeadRow
from app.notices import queries, rules
from app.notices.models import Notice, NoticeDelivery
from app.notices.rules import (
    ASSIGNED,
    BREACHED,
    DAY_CLOSED,
    FEED_STOPPED,
    IMPORT_HELD,
    MENTIONED,
    TAKEN,
    TEST,
    WARNED,
    ClockNow,
    Colleague,
)  # fmt: skip
from app.notices.schemas import Choices
from app.notices.service.delivering import show
from app.orgs import queries as orgs
from app.sla import queries as sla
from app.sla import rules as business
from app.sla.facts import DayClosed, DeadlineFact, SlaBreached


class _Word(Struct, frozen=True, kw_only=True):
    """What there is to tell; by `ways` alone where they are given, whatever people have chosen."""

    kind: str
    told_of: str
    lead: LeadRow | None = None
    branch_id: Id | None = None
    clock_id: Id | None = None
    actor_id: Id | None = None
    urgent: bool = False
    ways: tuple[str, ...] | None = None
    data: Mapping[str, Any] = {}


async def tell_deadline(db: Db, fact: DeadlineFact) -> None:
    """A deadline is near, or was missed. One that has been answered meanwhile is no longer near."""
    kind = BREACHED if isinstance(fact, SlaBreached) else WARNED
    one = await queries.clock_of(db, fact.id, fact.kind, missed=kind == BREACHED)
    now = ClockNow(one.kind, one.warn_at, one.warned_at, one.breached_at, one.ended_as) if one else None
    if one is None or rules.overtaken(kind, now):
        return
    lead, team = await leads.lead_row(db, fact.id), await queries.team(db)
    hears = rules.hears_breach if kind == BREACHED else rules.hears_warning
    word = _Word(
        kind=kind,
        told_of=f"{kind}:{fact.entry_id}",
        lead=lead,
        clock_id=one.id,
        urgent=one.urgent,
        data={**_about(lead), "deadline": one.kind, "due_at": one.due_at.isoformat() if one.due_at else None},
    )
    await _tell(db, word, hears(team, lead.branch_id, lead.assignee_id))


async def tell_assigned(db: Db, fact: LeadAssigned) -> None:
    """A lead came to somebody who did not take it themselves and still has it."""
    lead = await leads.lead_row(db, fact.id)
    standing = (await queries.leads(db, [fact.id]))[fact.id]
    actor_id = (await leads.entry(db, fact.entry_id)).actor_id if fact.entry_id else None
    if fact.assignee_id is None or actor_id == fact.assignee_id or lead.assignee_id != fact.assignee_id:
        return
    if not standing.is_open:
        return
    urgent = any(one.urgent for one in await leads.running(db, fact.id))
    word = _Word(
        kind=ASSIGNED, told_of=f"{ASSIGNED}:{fact.entry_id}", lead=lead, actor_id=actor_id, urgent=urgent,
        data=_about(lead),
    )  # fmt: skip
    await _tell(db, word, [one for one in await queries.team(db) if one.id == fact.assignee_id])


async def tell_taken(db: Db, fact: LeadAssigned | LeadMoved) -> None:
    """A lead left somebody who did not give it away themselves: they were away, or a colleague did it."""
    if fact.entry_id is None:
        return
    entry, lead = await leads.entry(db, fact.entry_id), await leads.lead_row(db, fact.id)
    standing = (await queries.leads(db, [fact.id]))[fact.id]
    had = fact.had_id if isinstance(fact, LeadMoved) else fact.was_id
    person = next((one for one in await queries.team(db) if one.id == had), None)
    if person is None or person.id in (entry.actor_id, lead.assignee_id) or not standing.is_open:
        return
    seen = person.works_at(lead.branch_id)
    data = {**_about(lead), "says": _became(fact, entry.kind, seen=seen)}
    word = _Word(
        kind=TAKEN, told_of=f"{TAKEN}:{fact.entry_id}", lead=lead, actor_id=entry.actor_id,
        data=data if seen else {**data, "url": "/desk/inbox"},
    )  # fmt: skip
    await _tell(db, word, [person])


def _became(fact: LeadAssigned | LeadMoved, deed: str, *, seen: bool) -> str:
    if isinstance(fact, LeadMoved):
        return rules.MOVED
    if fact.assignee_id is not None:
        return rules.HANDED
    return rules.AWAY if deed == "given_back" and seen else rules.BACK


async def tell_mentioned(db: Db, fact: LeadNoted) -> None:
    """Colleagues are named in a note, and may see it still. Whoever names themselves knows."""
    if fact.entry_id is None:
        return
    entry = await leads.entry(db, fact.entry_id)
    named = set(entry.mentions) - {entry.actor_id}
    if not named:
        return
    lead = await leads.lead_row(db, fact.id)
    sees = [one.id for one in await leads.readers(db, lead.branch_id) if one.id in named]
    word = _Word(
        kind=MENTIONED, told_of=f"{MENTIONED}:{entry.id}", lead=lead, actor_id=entry.actor_id,
        data={**_about(lead), "url": f"/desk/inbox/{lead.id}#entry-{entry.id}"},
    )  # fmt: skip
    await _tell(db, word, [await queries.colleague(db, one) for one in sees])


async def try_out(db: Db, who: Principal) -> None:
    """At once, by every way this person has switched on for anything."""
    word = _Word(kind=TEST, told_of=f"{TEST}:{new_id()}", urgent=True)
    await _tell(db, word, [await queries.colleague(db, who.person_id)])


async def try_one(db: Db, who: Principal, kind: str, channel: str | None) -> None:
    """A test of one alert by one way, chosen or not; without a way at the desk alone. Raises Invalid."""
    if kind not in rules.OFFERED or (channel is not None and channel not in rules.OFFERED[kind]):
        raise Invalid([{"field": "way", "message": rules.NOT_THAT_WAY}])
    word = _Word(
        kind=TEST, told_of=f"{TEST}:{new_id()}", urgent=True, ways=(channel,) if channel else (),
        data={"says": rules.TRIED[kind]},
    )  # fmt: skip
    await _tell(db, word, [await queries.colleague(db, who.person_id)])


async def tell_feed_stopped(db: Db, fact: SourceStopped) -> None:
    """A sheet is not pulled any more, unless somebody has dealt with that meanwhile."""
    try:
        source = await feeds.source_card(db, fact.id, None)
    except NotFound:
        return
    if source.state != "active":
        data = {"about": source.name, "says": source.says, "url": f"/desk/imports/sources/{source.id}"}
        told_of = f"{FEED_STOPPED}:{source.id}:{source.fetched_at}"
        await _tell_heads(db, _Word(kind=FEED_STOPPED, told_of=told_of, branch_id=fact.branch_id, data=data))


async def tell_import_held(db: Db, fact: RunHeld) -> None:
    """An import waits for somebody who may approve it."""
    run = await feeds.run_card(db, fact.id)
    if run.state == "held":
        data = {"about": run.file_name, "says": run.says, "url": f"/desk/imports/{run.id}"}
        told_of = f"{IMPORT_HELD}:{run.id}"
        await _tell_heads(db, _Word(kind=IMPORT_HELD, told_of=told_of, branch_id=fact.branch_id, data=data))


async def tell_day(db: Db, fact: DayClosed) -> None:
    """The heads of a branch hear how its day was: at its closing, and so at an hour when it is closed."""
    branch = await orgs.branch_row(db, fact.id)
    opens_at = business.opens_next(await sla.calendar_for(db, fact.id), fact.closed_at)
    figures = await leads.day_figures(db, fact.id, fact.day, fact.closed_at, opens_at)
    data = {
        "about": branch.name, "branch": branch.slug, "url": f"/desk/board?branch={branch.slug}",
        "figures": msgspec.to_builtins(figures),
    }  # fmt: skip
    told_of = f"{DAY_CLOSED}:{fact.id}:{fact.day}"
    await _tell_heads(db, _Word(kind=DAY_CLOSED, told_of=told_of, branch_id=fact.id, urgent=True, data=data))


async def _tell_heads(db: Db, word: _Word) -> None:
    await _tell(db, word, rules.heads_of(await queries.team(db), word.branch_id))


def _about(lead: LeadRow) -> dict[str, Any]:
    return {"ref": lead.ref, "car": lead.car.title if lead.car else None}


async def _tell(db: Db, word: _Word, people: Sequence[Colleague]) -> None:
    """Each once, however often this runs."""
    told = await queries.told(db, word.told_of)
    fresh = [one for one in people if one.id not in told]
    if not fresh:
        return
    now, choices = clock.now(), await queries.choices_of(db, [one.id for one in fresh])
    opening = now if word.urgent else await _opening(db, word, now)
    made = {one.id: _notice(db, word, one, opening if choices[one.id].quiet else now) for one in fresh}
    db.add_all(made.values())
    await db.flush()
    for one in fresh:
        notice = made[one.id]
        ways = [_delivery(notice, channel) for channel in _ways(word, one, choices[one.id])]
        db.add_all(ways)
        if notice.show_at <= now:
            show(db, notice, ways, now)


async def _opening(db: Db, word: _Word, now: datetime) -> datetime:
    calendar = await sla.calendar_for(db, word.lead.branch_id if word.lead else word.branch_id)
    try:
        return business.at_open(calendar, now, urgent=False)
    except business.NeverOpen:
        return now


def _notice(db: Db, word: _Word, one: Colleague, show_at: datetime) -> Notice:
    assert db.scope.org_id is not None  # noqa: S101 - narrows the type; a notice always has an org
    return Notice(
        id=new_id(), org_id=db.scope.org_id, person_id=one.id, kind=word.kind, told_of=word.told_of,
        lead_id=word.lead.id if word.lead else None, clock_id=word.clock_id, actor_id=word.actor_id,
        data=dict(word.data), created_at=clock.now(), show_at=show_at,
    )  # fmt: skip


def _ways(word: _Word, one: Colleague, choices: Choices) -> list[str]:
    def wanted(channel: str) -> bool:
        if word.ways is not None:
            return channel in word.ways
        kinds = rules.OFFERED if word.kind == TEST else (word.kind,)
        return any(choices.wants(told, channel) for told in kinds)

    return [way for way in rules.CHANNELS if wanted(way) and (way == rules.MAIL or one.has_phone)]


def _delivery(notice: Notice, channel: str) -> NoticeDelivery:
    return NoticeDelivery(
        id=new_id(), org_id=notice.org_id, notice_id=notice.id, channel=channel, status="waiting"
    )  # fmt: skip
