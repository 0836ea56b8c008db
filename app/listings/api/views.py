"""Saved views of stock over JSON."""

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.listings import queries, service
from app.listings.schemas import StockViewForm, StockViewRow


@get("/stock-views", access="org:stock_view.save")
async def list_stock_views(db: WithDb, who: Who) -> list[StockViewRow]:
    """One's own and the team's, each with how many cars it shows now."""
    return await queries.stock_views(db, who.person_id)


@post("/stock-views", access="org:stock_view.save")
async def create_stock_view(db: WithDb, who: Who, data: JSONBody[StockViewForm]) -> StockViewRow:
    view_id = await service.save_stock_view(db, who, data)
    await db.flush()
    return await queries.stock_view(db, view_id, who.person_id)


@delete("/stock-views/{stock_view_id:uuid}", access="org:stock_view.save", status_code=204)
async def delete_stock_view(db: WithDb, who: Who, stock_view_id: FromPath[Id]) -> None:
    await service.remove_stock_view(db, who, stock_view_id)


ROUTES = (list_stock_views, create_stock_view, delete_stock_view)
