"""The round: new leads go to whoever is on duty, online and has least to do, the one who waits longest first.

Whatever may let a lead find somebody marks its branch's round as due, within its own transaction; the sweeper goes
through it within moments. The round's row is the first lock a change takes after its lead, and the only one the round
itself holds while it waits for nobody: leads that are locked are left for the next time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, update

from app.core import clock
from app.core.base import Db
from app.core.errors import NotFound
from app.core.events import record
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries
from app.leads.errors import ChangedMeanwhile
from app.leads.facts import DutyChanged, LeadAssigned, RoundChanged
from app.leads.models import Duty, Lead, LeadRound
from app.leads.schemas import CapacityForm, DutyForm, RoundForm
from app.leads.service._entries import change
from app.orgs import queries as orgs

ONLINE_FOR = timedelta(seconds=75)
"""How long somebody counts as online after their screens last said so."""

_SOON = timedelta(milliseconds=300)


async def poke(db: Db, *branch_ids: Id | None) -> None:
    """A lead of these branches may find somebody now. Does nothing where they do not hand out in turn."""
    ids = [branch_id for branch_id in branch_ids if branch_id is not None]
    if not ids:
        return
    await db.flush()
    due = update(LeadRound).where(LeadRound.branch_id.in_(ids), LeadRound.turns).values(due_at=func.clock_timestamp())
    await db.execute(due.execution_options(synchronize_session=False))


async def go_round(db: Db, branch_id: Id, at: datetime) -> int:
    """Hand out what waits, as far as there is room; how many. Whatever could not be had is tried again soon."""
    ruled = await queries.round_for_change(db, branch_id)
    if ruled is None:
        return 0
    ruled.due_at = None
    if not ruled.turns:
        return 0
    waiting, more = await queries.waiting(db, branch_id)
    people = await queries.free(db, branch_id, ruled.capacity, at) if waiting else []
    turns, given = dict(ruled.last_turns), 0
    for lead in waiting:
        free = [one for one in people if one.open < one.capacity]
        if not free:
            break
        person = min(free, key=lambda one: (one.open, turns.get(str(one.person_id), "")))
        _hand(db, lead, person.person_id)
        person.open, given = person.open + 1, given + 1
        turns[str(person.person_id)] = (at + timedelta(microseconds=given)).isoformat(timespec="microseconds")
    ruled.last_turns = turns
    if more and given == len(waiting):
        ruled.due_at = at + _SOON
    return given


async def attend(db: Db, person_ids: Iterable[Id]) -> None:
    """These people have a screen open. Says so again before they count as gone; who was away is there again."""
    now, ids = clock.now(), sorted(person_ids)
    there = await queries.duties_for_change(db, ids)
    came = []
    for person_id in ids:
        duty = there.get(person_id) or _new_duty(db, person_id)
        if duty.online_until is None or duty.online_until <= now:
            came.append(person_id)
        duty.online_until = now + ONLINE_FOR
    for person_id in came:
        if await _in_turn(db, person_id):
            record(db, DutyChanged(org_id=_org(db), id=person_id, online=True))


async def lapse(db: Db, person_id: Id) -> None:
    """No screen of theirs has been open for a while. What they were given in turn and have not answered goes back."""
    duty = await queries.duty_for_change(db, person_id)
    if duty is None:
        return
    duty.online_until = None
    if not duty.stays and await _in_turn(db, person_id):
        record(db, DutyChanged(org_id=duty.org_id, id=person_id, online=False))
        await give_back(db, await queries.unanswered_of(db, person_id))


async def set_duty(db: Db, who: Principal, form: DutyForm) -> None:
    """One's own word: taking leads or not, with a screen open or without."""
    duty = await queries.duty_for_change(db, who.person_id) or _new_duty(db, who.person_id)
    before = {"on_duty": duty.on_duty, "stays": duty.stays}
    duty.on_duty, duty.stays = form.on_duty, form.stays
    after = {"on_duty": duty.on_duty, "stays": duty.stays}
    if before == after:
        return
    changed = {name: (before[name], after[name]) for name in after}
    record(db, DutyChanged(org_id=who.org_id, id=who.person_id), changed=changed)
    if not duty.on_duty:
        await give_back(db, await queries.unanswered_of(db, who.person_id))
    await _in_turn(db, who.person_id)


async def set_round(db: Db, who: Principal, branch_id: Id, form: RoundForm) -> None:
    """Raises NotFound, ChangedMeanwhile."""
    if who.branch_id not in (None, branch_id):
        raise NotFound
    await orgs.require_branch(db, branch_id)
    ruled = await queries.round_for_change(db, branch_id)
    if ruled is None:
        ruled = LeadRound(org_id=who.org_id, branch_id=branch_id, turns=False, capacity=10, version=0)
        db.add(ruled)
    if form.version is not None and form.version != ruled.version:
        raise ChangedMeanwhile(ruled.version)
    before = (ruled.turns, ruled.capacity)
    if before == (form.turns, form.capacity):
        return
    ruled.turns, ruled.capacity, ruled.version = form.turns, form.capacity, ruled.version + 1
    changed = {"turns": (before[0], form.turns), "capacity": (before[1], form.capacity)}
    record(db, RoundChanged(org_id=who.org_id, id=branch_id, branch_id=branch_id), changed=changed)
    await poke(db, branch_id)


async def set_capacity(db: Db, who: Principal, person_id: Id, form: CapacityForm) -> None:
    """How many open leads this person is given at most; None: as many as the branch says. Raises NotFound."""
    await queries.require_staff(db, person_id, within=who.branch_id)
    duty = await queries.duty_for_change(db, person_id) or _new_duty(db, person_id)
    if duty.capacity == form.capacity:
        return
    before, duty.capacity = duty.capacity, form.capacity
    record(db, DutyChanged(org_id=who.org_id, id=person_id), changed={"capacity": (before, form.capacity)})
    await _in_turn(db, person_id)


async def give_back(db: Db, leads: list[Lead]) -> None:
    """To nobody, so that somebody else can have them. The leads are locked."""
    for lead in leads:
        had = lead.assignee_id
        change(
            db, lead, "given_back", {"assignee_id": None}, LeadAssigned, subject_id=had, by_us=False,
            assignee_id=None, was_id=had,
        )  # fmt: skip
    await poke(db, *{lead.branch_id for lead in leads})


async def leave(db: Db, person_id: Id) -> None:
    """A member who can no longer work on their leads gives them back."""
    works, branch_id = await queries.reach(db, person_id)
    if not works:
        await give_back(db, await queries.open_of(db, person_id))
    elif branch_id is not None:
        await give_back(db, await queries.open_of(db, person_id, outside=branch_id))


def _hand(db: Db, lead: Lead, person_id: Id) -> None:
    change(
        db, lead, "dealt", {"assignee_id": person_id}, LeadAssigned, subject_id=person_id, by_us=False,
        assignee_id=person_id, was_id=None,
    )  # fmt: skip


async def _in_turn(db: Db, person_id: Id) -> bool:
    """Whether any branch deals to this person; their rounds are due."""
    works, branch_id = await queries.reach(db, person_id)
    branches = [row.branch_id for row in await queries.rounds(db, within=branch_id) if row.turns] if works else []
    await poke(db, *branches)
    return bool(branches)


def _new_duty(db: Db, person_id: Id) -> Duty:
    duty = Duty(org_id=_org(db), user_id=person_id, on_duty=True, stays=False)
    db.add(duty)
    return duty


def _org(db: Db) -> Id:
    org_id = db.scope.org_id
    if org_id is None:
        raise NotFound
    return org_id
