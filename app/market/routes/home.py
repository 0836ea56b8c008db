"""The market's front page: search, the newest cars, ways in by body, price, make and city."""

from typing import Any

from litestar import Request, Response, get

from app.core import render
from app.core.asks import WithDb
from app.listings import queries
from app.listings.schemas import ListingSearchForm
from app.market import rules, seo
from app.search import queries as search

SHORT = {"cache-control": "no-cache"}
_NEWEST, _POPULAR = 8, 6


@get(["/", "/ur"], access="public", language="path")
async def show_market(request: Request[Any, Any, Any], db: WithDb) -> Response[Any]:
    found = await search.search(db, ListingSearchForm(sort="newest", facets=True))
    counts: dict[str, dict[str, int]] = found.facets  # type: ignore[assignment]
    return render.page(
        "market/home.html",
        head=seo.of_home(render.choices(request).lang),
        other_url=render.other_language(request.url.path),
        newest=found.hits[:_NEWEST],
        counts=counts,
        total=found.total,
        names=await queries.names(db, counts),
        popular=await queries.named_models(db, list(counts["model"])[:_POPULAR]),
        prices=rules.PRICES,
        bands=rules.BANDS,
        asked=ListingSearchForm(),
    ).sent(headers=SHORT)


ROUTES: list[Any] = [show_market]
