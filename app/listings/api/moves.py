"""JSON that moves a listing on: published, taken back, reserved, sold, put away."""

from collections.abc import Awaitable, Callable

from litestar import patch, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.listings import queries, service
from app.listings.api.listings import IfMatch, version_of
from app.listings.schemas import ListingCard, StatusForm

_MOVES: dict[str, Callable[..., Awaitable[None]]] = {
    "live": service.release_listing,
    "reserved": service.reserve_listing,
    "sold": service.sell_listing,
}


@post("/listings/{listing_id:uuid}/publish", access="org:listing.publish", status_code=200)
async def create_publication(db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None) -> ListingCard:
    """On the market at once; a private seller's is looked at first. Again changes nothing."""
    await service.publish_listing(db, who, listing_id, version=version_of(if_match))
    return await queries.card(db, listing_id)


@post("/listings/{listing_id:uuid}/unpublish", access="org:listing.publish", status_code=200)
async def delete_publication(db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None) -> ListingCard:
    """Back to a draft."""
    await service.unpublish_listing(db, who, listing_id, version=version_of(if_match))
    return await queries.card(db, listing_id)


@patch("/listings/{listing_id:uuid}/status", access="org:listing.sell")
async def update_status(
    db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[StatusForm], if_match: IfMatch = None
) -> ListingCard:
    """Reserved or sold; live again where that came to nothing."""
    await _MOVES[data.status](db, who, listing_id, version=version_of(if_match))
    return await queries.card(db, listing_id)


@post("/listings/{listing_id:uuid}/archive", access="org:listing.archive", status_code=200)
async def create_archiving(db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None) -> ListingCard:
    await service.archive_listing(db, who, listing_id, version=version_of(if_match))
    return await queries.card(db, listing_id)


ROUTES = (create_publication, delete_publication, update_status, create_archiving)
