"""The page of results: a plain GET form, filters with counts, chips that take them away."""

from typing import Any

from litestar import Request, Response, get
from msgspec import structs

from app.core import clock, render
from app.core.asks import WithDb
from app.listings import queries
from app.listings.api import asked_of
from app.listings.schemas import FACETS
from app.market import rules, seo
from app.market.routes.home import SHORT


@get(["/cars", "/ur/cars"], access="public", language="path")
async def show_results(request: Request[Any, Any, Any], db: WithDb) -> Response[Any]:
    asked = structs.replace(asked_of(request), facets=True)
    lang = render.choices(request).lang
    found = await queries.search(db, asked)
    here = rules.results(lang, asked, page=asked.page)
    names = await queries.names(db, found.facets, asked)
    return render.page(
        "market/results.html",
        head=seo.of_results(lang, asked, found, names),
        other_url=rules.results("en" if lang == "ur" else "ur", asked, page=asked.page),
        asked=asked,
        found=found,
        names=names,
        chips=rules.without(lang, asked),
        clear=rules.results(lang, structs.replace(asked, **dict.fromkeys(_FILTERS, ())), **dict.fromkeys(_LIMITS)),
        previous=rules.results(lang, asked, page=asked.page - 1) if asked.page > 1 else None,
        following=rules.results(lang, asked, page=asked.page + 1) if asked.page < found.pages else None,
        prices=rules.PRICES,
        kilometres=rules.KILOMETRES,
        years=range(clock.now().year + 1, 1999, -1),
    ).sent(headers={**SHORT, "hx-push-url": here})


_FILTERS = (*FACETS, "org", "branch")
_LIMITS = ("year_min", "year_max", "price_min", "price_max", "km_max")

ROUTES: list[Any] = [show_results]
