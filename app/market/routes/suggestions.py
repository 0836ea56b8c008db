"""The same suggestions as a list of links, for the box somebody types in."""

from typing import Any

from litestar import Request, Response, get

from app.core import render
from app.core.asks import WithDb
from app.core.bounds import QueryText
from app.listings.schemas import ListingSearchForm
from app.market import rules
from app.search import queries
from app.search.rules import Suggestion, suggest

_SHORT = {"cache-control": "public, max-age=60"}


@get(["/cars/suggestions", "/ur/cars/suggestions"], access="public", language="path")
async def show_suggestions(request: Request[Any, Any, Any], db: WithDb, q: QueryText = "") -> Response[Any]:
    lang = render.choices(request).lang
    found = suggest(q, await queries.lexicon(db), await queries.stock(db)) if q.strip() else []
    return render.page(
        "market/_suggestions.html", suggestions=[(one, rules.results(lang, _asked(one))) for one in found]
    ).sent(headers=_SHORT)


def _asked(one: Suggestion) -> ListingSearchForm:
    return ListingSearchForm(
        make=(one.make,) if one.make else (),
        model=(one.model,) if one.model else (),
        trim=(one.trim,) if one.trim else (),
        city=(one.city,) if one.city else (),
    )


ROUTES: list[Any] = [show_suggestions]
