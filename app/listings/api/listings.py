"""JSON of the org's own stock: made, changed, deleted."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody

from app.core.asks import Who, WithDb
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.listings import queries, service
from app.listings.errors import Stale
from app.listings.schemas import ListingCard, ListingForm, ListingPatch, PriceRow

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", max_length=40)]


def version_of(if_match: str | None) -> int | None:
    """The version a client looked at; None where any will do. Raises Stale for what cannot be one."""
    plain = (if_match or "*").removeprefix("W/").strip('" ')
    if plain in ("", "*"):
        return None
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 16):
        raise Stale
    return int(plain)


@post("/listings", access="org:listing.create", responses={201: ResponseSpec(ListingCard, generate_examples=False)})
async def create_listing(
    db: WithDb, data: JSONBody[ListingForm], who: Who, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """A draft; publish it to show it."""

    async def make() -> ListingCard:
        return await queries.card(db, await service.create_listing(db, who, data))

    return await once(db, keyed(request, data), make)


@patch("/listings/{listing_id:uuid}", access="org:listing.change")
async def update_listing(
    db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[ListingPatch], if_match: IfMatch = None
) -> ListingCard:
    """With If-Match or `version`: 412 when somebody changed it meanwhile."""
    await service.change_listing(db, who, listing_id, data, version=version_of(if_match))
    return await queries.card(db, listing_id)


@delete("/listings/{listing_id:uuid}", access="org:listing.archive", status_code=204)
async def delete_listing(db: WithDb, who: Who, listing_id: FromPath[Id], if_match: IfMatch = None) -> None:
    """Gone from every list and page; its history stays."""
    await service.delete_listing(db, who, listing_id, version=version_of(if_match))


@get("/listings/{listing_id:uuid}/prices", access="org:listing.read")
async def list_prices(db: WithDb, listing_id: FromPath[Id]) -> list[PriceRow]:
    """What it asked so far, the latest first."""
    await queries.card(db, listing_id)
    return await queries.prices(db, listing_id)


ROUTES = (create_listing, update_listing, delete_listing, list_prices)
