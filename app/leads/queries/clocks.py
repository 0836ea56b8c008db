"""Deadlines of leads and the pauses in which they stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, or_, select

from app.core.base import Db, kept
from app.core.ids import Id
from app.leads import rules
from app.leads.models import Lead, LeadClock, LeadPause

_RUNNING = kept(select(LeadClock).where(LeadClock.lead_id == bindparam("lead"), LeadClock.ended_at.is_(None)))
_PAUSES = kept(select(LeadPause).where(LeadPause.lead_id == bindparam("lead")).order_by(LeadPause.started_at))


async def running(db: Db, lead_id: Id) -> list[LeadClock]:
    """Lock the lead before: whoever changes its clocks holds it."""
    return list(await db.scalars(_RUNNING, {"lead": lead_id}))


async def running_of(db: Db, lead_ids: Iterable[Id]) -> dict[Id, list[LeadClock]]:
    """The same for many leads."""
    query = select(LeadClock).where(LeadClock.lead_id.in_(list(lead_ids)), LeadClock.ended_at.is_(None))
    found: dict[Id, list[LeadClock]] = defaultdict(list)
    for clock in await db.scalars(query):
        found[clock.lead_id].append(clock)
    return found


async def ended_by(db: Db, lead_id: Id, batch_id: Id) -> list[LeadClock]:
    """What one action ended."""
    query = select(LeadClock).where(LeadClock.lead_id == lead_id, LeadClock.ended_by == batch_id)
    return list(await db.scalars(query))


async def following(db: Db, lead_id: Id, clock_ids: Sequence[Id]) -> list[LeadClock]:
    """What this lead runs on behalf of clocks of another."""
    query = select(LeadClock).where(
        LeadClock.lead_id == lead_id, LeadClock.follows_id.in_(clock_ids), LeadClock.ended_at.is_(None)
    )
    return list(await db.scalars(query))


async def clocks_of(db: Db, lead_id: Id) -> list[LeadClock]:
    """All there ever were, in order."""
    query = select(LeadClock).where(LeadClock.lead_id == lead_id).order_by(LeadClock.started_at, LeadClock.id)
    return list(await db.scalars(query))


async def pauses(db: Db, lead_id: Id) -> list[LeadPause]:
    """In order."""
    return list(await db.scalars(_PAUSES, {"lead": lead_id}))


async def pauses_of(db: Db, lead_ids: Iterable[Id]) -> dict[Id, list[LeadPause]]:
    found: dict[Id, list[LeadPause]] = defaultdict(list)
    for pause in await db.scalars(select(LeadPause).where(LeadPause.lead_id.in_(list(lead_ids)))):
        found[pause.lead_id].append(pause)
    return found


async def clocked(db: Db, branch_id: Id | None, *, after: Id | None = None, limit: int = 200) -> list[Lead]:
    """Open leads with deadlines that run by the hours of this branch, or with None of every branch; by id, a page at a
    time."""
    runs = or_(Lead.due_at.is_not(None), Lead.paused_for.is_not(None))
    query = select(Lead).where(Lead.status.in_(rules.OPEN), Lead.merged_into_id.is_(None), runs)
    if branch_id is not None:
        query = query.where(Lead.branch_id == branch_id)
    if after is not None:
        query = query.where(Lead.id > after)
    return list(await db.scalars(query.order_by(Lead.id).limit(limit)))
