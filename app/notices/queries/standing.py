"""How the leads and deadlines that notices are about stand now."""

from collections.abc import Collection

from sqlalchemy import select

from app.core.base import Db
from app.core.ids import Id
from app.leads import rules as lead_rules
from app.leads.models import Lead, LeadClock
from app.notices.rules import ClockNow, LeadNow

_CLOCK = (
    LeadClock.id, LeadClock.kind, LeadClock.warn_at, LeadClock.warned_at, LeadClock.breached_at, LeadClock.ended_as,
)  # fmt: skip


async def leads(db: Db, lead_ids: Collection[Id]) -> dict[Id, LeadNow]:
    columns = (Lead.id, Lead.assignee_id, Lead.status, Lead.archived_at, Lead.merged_into_id)
    found = await db.execute(select(*columns).where(Lead.id.in_(lead_ids)))
    return {
        row.id: LeadNow(
            row.assignee_id, row.status in lead_rules.OPEN and row.archived_at is None and row.merged_into_id is None
        )
        for row in found
    }


async def clocks(db: Db, clock_ids: Collection[Id]) -> dict[Id, ClockNow]:
    """Those that are gone, because what began them was taken back, are missing."""
    return {row[0]: ClockNow(*row[1:]) for row in await db.execute(select(*_CLOCK).where(LeadClock.id.in_(clock_ids)))}


async def clock_of(db: Db, lead_id: Id, kind: str, *, missed: bool) -> LeadClock | None:
    """The latest of its kind that was missed, or that has warned."""
    marked = LeadClock.breached_at if missed else LeadClock.warned_at
    query = select(LeadClock).where(LeadClock.lead_id == lead_id, LeadClock.kind == kind, marked.is_not(None))
    found: LeadClock | None = await db.scalar(query.order_by(marked.desc(), LeadClock.id.desc()).limit(1))
    return found
