"""Saved views of stock."""

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.errors import Forbidden
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.security import Principal, may
from app.listings import queries
from app.listings.facts import StockViewChanged
from app.listings.models import StockView
from app.listings.schemas import StockViewForm


async def save_stock_view(db: Db, who: Principal, form: StockViewForm) -> Id:
    """One's own, or (for those who may) the team's. Raises Forbidden."""
    if form.shared and not may(who.role, "stock_view.share"):
        raise Forbidden
    view = StockView(
        id=new_id(),
        org_id=who.org_id,
        owner_id=None if form.shared else who.person_id,
        name=form.name,
        filters=msgspec.to_builtins(form.filters),
        made_by=who.person_id,
        made_at=clock.now(),
    )
    db.add(view)
    record(db, StockViewChanged(org_id=who.org_id, id=view.id), changed={"name": (None, form.name)})
    return view.id


async def remove_stock_view(db: Db, who: Principal, view_id: Id) -> None:
    """Raises NotFound, Forbidden (a team's view that somebody else made, for those who may not share)."""
    view = await queries.stock_view_for_change(db, view_id, who.person_id)
    if view.owner_id is None and view.made_by != who.person_id and not may(who.role, "stock_view.share"):
        raise Forbidden
    await db.delete(view)
    record(db, StockViewChanged(org_id=who.org_id, id=view.id), changed={"name": (view.name, None)})
