"""Saved views of stock: one's own and the team's."""

from typing import Any

import msgspec
from sqlalchemy import Select, or_, select

from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.listings.models import StockView
from app.listings.queries.stock import counts
from app.listings.schemas import StockFilters, StockViewRow
from app.orgs.models import Branch


async def stock_views(db: Db, me: Id) -> list[StockViewRow]:
    """The team's first, each by name, with how many cars it shows now."""
    query = _mine(me).order_by(StockView.owner_id.is_not(None), StockView.name, StockView.id).limit(50)
    return [await _row(db, view, me) for view in await db.scalars(query)]


async def stock_view(db: Db, view_id: Id, me: Id) -> StockViewRow:
    """Raises NotFound, for a colleague's own view too."""
    return await _row(db, one_or(await db.scalars(_mine(me).where(StockView.id == view_id)), NotFound), me)


async def stock_view_for_change(db: Db, view_id: Id, me: Id) -> StockView:
    """Raises NotFound."""
    found = await db.scalars(_mine(me).where(StockView.id == view_id).with_for_update())
    view: StockView = one_or(found, NotFound)
    return view


def _mine(me: Id) -> Select[Any]:
    return select(StockView).where(or_(StockView.owner_id.is_(None), StockView.owner_id == me))


async def _row(db: Db, view: StockView, me: Id) -> StockViewRow:
    filters = msgspec.convert(view.filters, StockFilters)
    return StockViewRow(
        id=view.id,
        name=view.name,
        shared=view.owner_id is None,
        mine=view.made_by == me,
        filters=filters,
        count=await _count(db, filters),
    )


async def _count(db: Db, filters: StockFilters) -> int:
    """A view of a branch that is gone shows nothing."""
    branch_id = None
    if filters.branch:
        branch_id = await db.scalar(
            select(Branch.id).where(Branch.slug == filters.branch, Branch.org_id == db.scope.org_id)
        )
        if branch_id is None:
            return 0
    found = await counts(db, filters, branch_id=branch_id)
    if filters.status:
        return found.get(filters.status, 0)
    kept = ("live", "reserved") if filters.age else tuple(name for name in found if name != "archived")
    return sum(found.get(name, 0) for name in kept)
