"""JSON that anybody may ask about one car."""

from litestar import Response, get
from litestar.params import FromPath

from app.core.asks import Visitor, WithDb
from app.core.ids import Id
from app.core.security import may
from app.listings import queries
from app.listings.schemas import DropRow, ListingCard, PublicListing

_FOR_ALL = {"cache-control": "public, max-age=10, stale-while-revalidate=30", "vary": "authorization, cookie"}


@get("/listings/{listing_id:uuid}", access="public")
async def show_listing(db: WithDb, visitor: Visitor, listing_id: FromPath[Id]) -> Response[PublicListing | ListingCard]:
    """A listing you may see; your own with all there is. The ETag is its version, for If-Match."""
    shown: PublicListing | ListingCard
    if visitor is not None and may(visitor.role, "listing.read") and await queries.is_ours(db, listing_id):
        shown = await queries.card(db, listing_id)
    else:
        shown = await queries.illustrated(db, await queries.public_listing_of(db, listing_id))
    headers = {} if visitor else _FOR_ALL
    return Response(shown, headers={**headers, "etag": f'"{shown.version}"'})


@get("/listings/{listing_id:uuid}/drops", access="public")
async def list_drops(db: WithDb, listing_id: FromPath[Id]) -> list[DropRow]:
    """How its price went down since it is on the market, the latest first. Rises are nobody's business."""
    return await queries.drops(db, await queries.public_listing_of(db, listing_id))


ROUTES = (show_listing, list_drops)
