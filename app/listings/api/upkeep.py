"""JSON of what keeps stock in order: refreshed, and not there twice."""

from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.listings import queries, service
from app.listings.schemas import ListingCard, PartingForm, TwinRow


@post("/listings/{listing_id:uuid}/refresh", access="org:listing.publish", status_code=200)
async def create_refreshing(db: WithDb, who: Who, listing_id: FromPath[Id]) -> ListingCard:
    """Up again among the newest, once a day; a private seller's stays for another month."""
    await service.refresh_listing(db, who, listing_id)
    return await queries.card(db, listing_id)


@get("/listings/{listing_id:uuid}/twins", access="org:listing.read")
async def list_twins(db: WithDb, listing_id: FromPath[Id]) -> list[TwinRow]:
    """Others of yours that are perhaps the same car."""
    await queries.row(db, listing_id)
    return await queries.twins(db, listing_id)


@post("/listings/{listing_id:uuid}/partings", access="org:listing.change", status_code=200)
async def create_parting(db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[PartingForm]) -> list[TwinRow]:
    """The other is not the same car. What is left that perhaps is."""
    await service.part_listings(db, who, listing_id, other_id=data.other_id)
    return await queries.twins(db, listing_id)


ROUTES = (create_refreshing, list_twins, create_parting)
