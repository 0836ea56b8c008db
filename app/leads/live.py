"""What changes of leads show on open screens: the row in every inbox of the branch, the lead's own page, the counts."""

from typing import Any

from msgspec import structs

from app.core import clock
from app.core.base import Db
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import Id
from app.core.live import Push, TopicKind, heard
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.facts import (
    DutyChanged,
    LeadFact,
    LeadMerged,
    LeadMoved,
    LeadOpened,
    LeadUndone,
    LeadUnmerged,
    RoundChanged,
)
from app.leads.schemas import LeadRow
from app.orgs.rules import may
from app.sla.facts import DeadlineFact

_NEW_LEAD = _("New lead")
_NEW_NOWHERE = _("New lead without a branch")
_ASKED_AGAIN = _("A buyer has asked again")


def _may_branch(who: Principal, key: str) -> bool:
    """`key` is a branch's slug, or BRANCH_WIDE for those who see the whole org."""
    return may(who.role, "lead.read") and (who.branch_id is None or key == who.branch_slug)


def _may_read(who: Principal, _key: str) -> bool:
    return may(who.role, "lead.read")


async def _within_branch(db: Db, who: Principal, key: str) -> bool:
    """Whether the lead `key` exists for `who`."""
    try:
        await queries.require_view(db, Id(key), within=who.branch_id)
    except (NotFound, ValueError):
        return False
    return True


async def tally_now(db: Db, key: str) -> list[Push]:
    """The counts of a branch's views, or of the whole org's."""
    found = await queries.counts_of(db, key)
    return [_tally(key, found)]


async def _lists_of(db: Db, who: Principal, lead_id: Id) -> tuple[str, ...]:
    """The inboxes in which colleagues see that `who` has the lead open."""
    try:
        branch = await queries.branch_slug_of(db, lead_id, within=who.branch_id) if may(who.role, "lead.read") else None
    except NotFound:
        return ()
    return () if branch is None else tuple({branch, rules.BRANCH_WIDE} - {""})


async def turns_now(db: Db, key: str) -> list[Push]:
    """How a branch deals its leads and who is on duty, or of the whole org."""
    branch_id = None if key == rules.BRANCH_WIDE else await queries.branch_id(db, key)
    if branch_id is None and key != rules.BRANCH_WIDE:
        return []
    context = {
        "rounds": await queries.rounds(db, within=branch_id),
        "people": await queries.on_duty(db, branch_id, clock.now()),
    }
    return [Push(topic=f"turns:{key}", target="turns", swap="morph", fragment="leads/_turns.html", context=context)]


TOPICS = (
    TopicKind(name="inbox", log=True, may=_may_branch, region="/desk/inbox/region"),
    TopicKind(name="lead", log=True, may=_may_read, check=_within_branch, region="/desk/inbox/{key}/region"),
    TopicKind(name="tally", log=False, may=_may_branch, region="/desk/inbox/tally", snapshot=tally_now),
    TopicKind(name="turns", log=False, may=_may_branch, region="/desk/turns/region", snapshot=turns_now),
    TopicKind(name="presence", log=False, may=_may_branch, seen_in=_lists_of),
)


async def lead_opened(db: Db, fact: LeadOpened) -> list[Push]:
    """A new row above all others, the counts, and word to whoever looks away. Nobody has its page open yet."""
    lead = await _lead(db, fact.id)
    if lead is None:
        return []
    if lead.status == rules.SPAM:
        return [*_rows(lead), *await _tallies(db, lead)]
    said = _NEW_LEAD if lead.branch_id else _NEW_NOWHERE
    return [*_rows(lead, say=said), *await _tallies(db, lead, alert=_alert(said, lead))]


async def lead_repeated(db: Db, fact: LeadFact) -> list[Push]:
    """As a change, and word of it."""
    lead = await _lead(db, fact.id)
    if lead is None:
        return []
    page = await _page(db, lead, fact.entry_id)
    return [*_rows(lead, say=_ASKED_AGAIN), *page, *await _tallies(db, lead, alert=_alert(_ASKED_AGAIN, lead))]


async def lead_changed(db: Db, fact: LeadFact | DeadlineFact) -> list[Push]:
    """The row, the head and side of the lead's page, the entry that is new, the counts."""
    lead = await _lead(db, fact.id)
    if lead is None:
        return []
    return [*_rows(lead), *await _page(db, lead, fact.entry_id), *await _tallies(db, lead)]


async def turns_changed(db: Db, _fact: RoundChanged | DutyChanged) -> list[Push]:
    """Every screen of who gets new leads."""
    return await _turns(db, [row.branch for row in await queries.rounds(db)])


async def lead_assigned(db: Db, fact: LeadFact) -> list[Push]:
    """As a change; somebody has one more to do, or one less."""
    shown, lead = await lead_changed(db, fact), await _lead(db, fact.id)
    return [*shown, *await _turns(db, [lead.branch] if lead and lead.branch else [])]


async def lead_moved(db: Db, fact: LeadMoved | LeadUndone) -> list[Push]:
    """As a change; the row leaves the list of the branch it was at."""
    shown, lead = await lead_changed(db, fact), await _lead(db, fact.id)
    left = await queries.branch_slug(db, fact.was_branch_id) if fact.was_branch_id else None
    if lead is not None and left and left != lead.branch:
        shown.append(Push(topic=f"inbox:{left}", target=f"lead-{lead.id}", swap="remove"))
        if heard(db, f"tally:{left}"):
            shown.append(_tally(left, await queries.counts_of(db, left)))
    return shown


async def lead_merged(db: Db, fact: LeadMerged | LeadUnmerged) -> list[Push]:
    """The merged row leaves, or comes back; the page it went into shows both histories, or one again."""
    shown = await lead_changed(db, fact)
    into = await _lead(db, fact.into_id)
    if into is None:
        return shown
    shown += _rows(into)
    topic = f"lead:{into.id}"
    if heard(db, topic):
        context = {"lead": into, "entries": await queries.timeline(db, into.id)}
        history = Push(
            topic=topic, target=f"timeline-{into.id}", swap="morph", fragment="leads/_timeline.html", context=context
        )
        shown += [*await _page(db, into, None), history]
    return shown


async def _lead(db: Db, lead_id: Id) -> LeadRow | None:
    """As it is now; one read per lead and turn, however many facts speak of it."""
    kept: dict[Id, LeadRow] = db.info.setdefault("live_leads", {})
    if lead_id not in kept:
        try:
            kept[lead_id] = await queries.lead_row(db, lead_id)
        except NotFound:
            return None
    return kept[lead_id]


def _keys(lead: LeadRow) -> tuple[str, ...]:
    return (lead.branch, rules.BRANCH_WIDE) if lead.branch else (rules.BRANCH_WIDE,)


def _alert(title: str, lead: LeadRow) -> dict[str, str]:
    """For a desk nobody looks at; without the buyer's name, which a lock screen would show."""
    return {"title": title, "body": lead.car.title if lead.car else "", "url": f"/desk/inbox/{lead.id}"}


def _rows(lead: LeadRow, *, say: str | None = None) -> list[Push]:
    """In the branch's inbox and the org's. A merged lead leaves both."""
    topics = [f"inbox:{key}" for key in _keys(lead)]
    if lead.merged_into_id is not None:
        return [Push(topic=topic, target=f"lead-{lead.id}", swap="remove") for topic in topics]
    context = {"lead": lead}
    return [Push(topic=topic, target="leads", fragment="leads/_row.html", context=context, say=say) for topic in topics]


async def _turns(db: Db, branches: list[str]) -> list[Push]:
    shown: list[Push] = []
    for key in (*branches, rules.BRANCH_WIDE):
        if heard(db, f"turns:{key}"):
            shown += await turns_now(db, key)
    return shown


async def _page(db: Db, lead: LeadRow, entry_id: Id | None) -> list[Push]:
    topic = f"lead:{lead.id}"
    if not heard(db, topic):
        return []
    context: dict[str, Any] = {"lead": lead}
    with_others = {**context, "others": await _others(db, lead)}
    shown = [
        Push(topic=topic, target=f"head-{lead.id}", swap="morph", fragment="leads/_head.html", context=context),
        Push(topic=topic, target=f"reach-{lead.id}", swap="morph", fragment="leads/_reach.html", context=context),
        Push(topic=topic, target=f"side-{lead.id}", swap="morph", fragment="leads/_side.html", context=with_others),
    ]
    if entry_id is not None:
        entry = {**context, "entry": await queries.entry(db, entry_id)}
        shown.append(Push(topic=topic, target=f"timeline-{lead.id}", fragment="leads/_entry.html", context=entry))
    return shown


async def _others(db: Db, lead: LeadRow) -> Any:
    """The buyer's other leads at this branch, which everybody who sees this one may see; one read per lead and turn."""
    kept: dict[Id, Any] = db.info.setdefault("live_others", {})
    if lead.id not in kept:
        kept[lead.id] = await queries.others_of(db, lead, within=lead.branch_id)
    return kept[lead.id]


async def _tallies(db: Db, lead: LeadRow, *, alert: dict[str, str] | None = None) -> list[Push]:
    """One count per branch and turn. The alert goes with it: every page of the desk listens in a tally, once."""
    kept: dict[str, Push] = db.info.setdefault("live_tallies", {})
    keys = [key for key in _keys(lead) if heard(db, f"tally:{key}")]
    for key in keys:
        if key not in kept:
            kept[key] = _tally(key, await queries.counts_of(db, key))
    return [structs.replace(kept[key], alert=alert) for key in keys]


def _tally(key: str, counts: Any) -> Push:
    return Push(
        topic=f"tally:{key}", target="tally", swap="morph", fragment="leads/_tally.html", context={"counts": counts}
    )
