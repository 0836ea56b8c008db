"""The stock screen: this org's cars, alive, filtered, in any order."""

from typing import Any

from litestar import Request, Response, get

from app.core import clock, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import QueryCursor
from app.core.security import Principal, may
from app.desk import stock_list
from app.listings import queries
from app.listings.schemas import StockViewRow
from app.orgs import queries as orgs


@get("/desk/stock", access="org:listing.read")
async def show_stock(
    request: Request[Any, Any, Any], db: WithDb, who: Who, cursor: QueryCursor = None
) -> Response[Any]:
    asked = stock_list.filters_of(request)
    return render.page(
        "desk/stock/page.html",
        **await stock_list.region(db, who, asked, cursor),
        branches=(await orgs.branches(db, limit=100)).items if who.org_kind == "dealer" else [],
        kinds=await queries.kinds(db),
        latest_year=clock.now().year + 1,
        views=[(view, stock_list.address(view.filters)) for view in await _views(db, who)],
    )


async def _views(db: Db, who: Principal) -> list[StockViewRow]:
    return await queries.stock_views(db, who.person_id) if may(who.role, "stock_view.save") else []


@get("/desk/stock/region", access="org:listing.read", include_in_schema=False)
async def show_stock_region(
    request: Request[Any, Any, Any], db: WithDb, who: Who, cursor: QueryCursor = None
) -> Response[Any]:
    """The list alone: for searching, and for a screen that has to start afresh. The address bar follows a search."""
    asked = stock_list.filters_of(request)
    context = await stock_list.region(db, who, asked, cursor)
    return render.page("desk/stock/_region.html", **context).sent(headers={"hx-replace-url": context["here_again"]})


ROUTES: list[Any] = [show_stock, show_stock_region]
