"""The days of branches that are to close."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.base import Db
from app.core.ids import Id
from app.orgs.models import Branch
from app.sla.models import BranchDay


async def days_for_change(db: Db, branch_id: Id | None) -> Sequence[BranchDay]:
    """Locked: of one branch, or of all."""
    query = select(BranchDay).order_by(BranchDay.branch_id).with_for_update()
    return list(await db.scalars(query if branch_id is None else query.where(BranchDay.branch_id == branch_id)))


async def days_of(db: Db, branch_ids: Sequence[Id]) -> Sequence[BranchDay]:
    """Of these branches; whoever asks holds them locked."""
    query = select(BranchDay).where(BranchDay.branch_id.in_(branch_ids)).order_by(BranchDay.branch_id)
    return list(await db.scalars(query))


async def open_branches(db: Db, branch_id: Id | None) -> list[Id]:
    """Those that are not closed for good: one, or all of the org."""
    query = select(Branch.id).where(Branch.archived_at.is_(None)).order_by(Branch.id)
    return list(await db.scalars(query if branch_id is None else query.where(Branch.id == branch_id)))
