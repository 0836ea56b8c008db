"""The page of a car that is no longer there: what it was, why it went, and others like it."""

from typing import Any

from litestar import Request, Response

from app.core import clock, render
from app.core.base import Db
from app.core.ids import Id
from app.listings import queries
from app.listings import rules as stock
from app.listings.queries import Ended
from app.listings.schemas import ListingHit, PublicListing
from app.market.caching import OPEN
from app.market.seo import paths
from app.market.seo.pages import steps
from app.search import queries as search

_ENOUGH, _LIKE = 4, 8


def is_over(listing: PublicListing) -> bool:
    """Sold so long ago that its page says nothing to anybody."""
    sold_at = listing.sold_at if listing.status == "sold" else None
    return sold_at is not None and clock.now() - sold_at >= stock.SHOWN_FOR


async def show_gone(request: Request[Any, Any, Any], db: Db, number: int | None) -> Response[Any]:
    """410 of what was on the market and is gone for good, 200 while it says what became of it, else 404."""
    lang = render.choices(request).lang
    car = await queries.ended(number, clock.now()) if number is not None else None
    status = 404 if car is None else 200 if car.shown else 410
    return render.page(
        "market/gone.html",
        other_url=render.other_language(request.url.path),
        car=car,
        steps=steps(lang, *_places(car)) if car else [],
        others=await _others(db, car),
        base=paths.base(lang),
    ).sent(status, {"cache-control": OPEN})


def _places(car: Ended) -> tuple[dict[str, str], dict[str, Any]]:
    """Its make and model, and where."""
    return {field: place.slug for field, place in car.known.items()}, car.known


async def _others(db: Db, car: Ended | None) -> list[ListingHit]:
    """Of its model, then of its body, then the latest of all, until there are some to choose from."""
    found: dict[Id, ListingHit] = {}
    for asked in _alike(car):
        if len(found) < _ENOUGH:
            found |= {one.id: one for one in await search.newest_of(db, asked, _LIKE) if one.id not in found}
    return list(found.values())[:_LIKE]


def _alike(car: Ended | None) -> list[dict[str, Any]]:
    if car is None:
        return [{}]
    model = {field: place.slug for field, place in car.known.items() if field != "city"}
    return [one for one in (model, {"body": car.body} if car.body else None, {}) if one is not None]
