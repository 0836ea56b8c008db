"""JSON that moves a listing on: published, taken back, reserved, sold, put away."""

from typing import Annotated

from litestar import patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.core.asks import Who, WithDb
from app.core.bounds import clean_text
from app.core.ids import Id
from app.listings import queries, service
from app.listings.api.listings import IfMatch, version_of
from app.listings.schemas import ListingCard, StatusForm

Why = Annotated[str | None, QueryParameter(name="reason", max_length=80, description="A code, or one's own words.")]


@post("/listings/{listing_id:uuid}/publish", access="org:listing.publish", status_code=200)
async def create_publication(db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None) -> ListingCard:
    """On the market at once; a private seller's is looked at first. Again changes nothing."""
    await service.publish_listing(db, who, listing_id, version=version_of(if_match))
    return await queries.card(db, listing_id)


@post("/listings/{listing_id:uuid}/unpublish", access="org:listing.publish", status_code=200)
async def delete_publication(
    db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None, why: Why = None
) -> ListingCard:
    """Back to a draft."""
    await service.unpublish_listing(db, who, listing_id, version=version_of(if_match), reason=_said(why))
    return await queries.card(db, listing_id)


@patch("/listings/{listing_id:uuid}/status", access="org:listing.sell")
async def update_status(
    db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[StatusForm], if_match: IfMatch = None
) -> ListingCard:
    """Reserved or sold, and why; live again where that came to nothing."""
    version = version_of(if_match)
    match data.status:
        case "live":
            await service.release_listing(db, who, listing_id, version=version)
        case "reserved":
            await service.reserve_listing(db, who, listing_id, version=version, reason=data.reason)
        case "sold":
            price = data.sold_price
            await service.sell_listing(db, who, listing_id, version=version, reason=data.reason, sold_price=price)
    return await queries.card(db, listing_id)


@post("/listings/{listing_id:uuid}/archive", access="org:listing.archive", status_code=200)
async def create_archiving(
    db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None, why: Why = None
) -> ListingCard:
    """Put away, and why."""
    await service.archive_listing(db, who, listing_id, version=version_of(if_match), reason=_said(why))
    return await queries.card(db, listing_id)


def _said(why: str | None) -> str | None:
    return clean_text(why or "") or None


ROUTES = (create_publication, delete_publication, update_status, create_archiving)
