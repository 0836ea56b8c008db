"""Saved views: one's own and the team's."""

from typing import Any

import msgspec
from sqlalchemy import Select, or_, select

from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.leads.models import LeadView
from app.leads.queries.leads import count_leads
from app.leads.schemas import Filters, ViewRow


async def views(db: Db, me: Id, *, within: Id | None) -> list[ViewRow]:
    """The team's first, each by name, with how many leads it shows to `me` now."""
    query = _mine(me).order_by(LeadView.owner_id.is_not(None), LeadView.name, LeadView.id).limit(100)
    rows = [_row(view, me) for view in await db.scalars(query)]
    return [
        msgspec.structs.replace(row, count=await count_leads(db, row.filters, me=me, within=within)) for row in rows
    ]


async def view_row(db: Db, view_id: Id, me: Id) -> ViewRow:
    """Raises NotFound, for a colleague's own view too."""
    return _row(one_or(await db.scalars(_mine(me).where(LeadView.id == view_id)), NotFound), me)


async def view_for_change(db: Db, view_id: Id, me: Id) -> LeadView:
    found = await db.scalars(_mine(me).where(LeadView.id == view_id).with_for_update())
    view: LeadView = one_or(found, NotFound)
    return view


def _mine(me: Id) -> Select[Any]:
    return select(LeadView).where(or_(LeadView.owner_id.is_(None), LeadView.owner_id == me))


def _row(view: LeadView, me: Id) -> ViewRow:
    filters = msgspec.convert(view.filters, Filters)
    return ViewRow(
        id=view.id, name=view.name, shared=view.owner_id is None, mine=view.created_by == me, filters=filters
    )
