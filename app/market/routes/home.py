"""The market's front page: search, the newest cars, ways in by make, body and city."""

from typing import Any

from litestar import Request, Response, get

from app.core import render
from app.core.asks import WithDb
from app.listings import queries
from app.listings.schemas import ListingSearchForm
from app.market import rules, seo

SHORT = {"cache-control": "no-cache"}


@get(["/", "/ur"], access="public", language="path")
async def show_market(request: Request[Any, Any, Any], db: WithDb) -> Response[Any]:
    counts = await queries.market_counts(db)
    return render.page(
        "market/home.html",
        head=seo.of_home(render.choices(request).lang),
        other_url=render.other_language(request.url.path),
        newest=await queries.newest(db),
        counts=counts,
        total=sum(counts["make"].values()),
        names=await queries.names(db, counts),
        prices=rules.PRICES,
        asked=ListingSearchForm(),
    ).sent(headers=SHORT)


ROUTES: list[Any] = [show_market]
