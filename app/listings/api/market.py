"""JSON that anybody may ask: what is for sale, and one car."""

from typing import Annotated, Any, Literal

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter

from app.core.asks import Visitor, WithDb
from app.core.base import Db
from app.core.bounds import QueryCursor, QueryLimit
from app.core.errors import Forbidden, SignInNeeded
from app.core.ids import Id
from app.core.paging import Page
from app.core.security import Principal, may
from app.listings import queries
from app.listings.api.asked import provide_asked
from app.listings.schemas import (
    DropRow,
    ListingCard,
    ListingSearchForm,
    PublicListing,
    SearchPage,
    Status,
    StockFilters,
    StockRow,
)
from app.orgs import queries as orgs

_FOR_ALL = {"cache-control": "public, max-age=10, stale-while-revalidate=30", "vary": "authorization, cookie"}
Whose = Annotated[
    Literal["market", "org"], QueryParameter(name="scope", description="org: your own stock, in any state.")
]
Statuses = Annotated[list[Status] | None, QueryParameter(description="Of scope=org only.")]


@get(
    ["/listings", "/listings/search"],
    access="public",
    dependencies={"asked": Provide(provide_asked)},
)
async def list_listings(
    db: WithDb,
    visitor: Visitor,
    asked: NamedDependency[ListingSearchForm],
    whose: Whose = "market",
    status: Statuses = None,
    cursor: QueryCursor = None,
    limit: QueryLimit = 50,
) -> Response[SearchPage | Page[StockRow]]:
    """Cars on the market, by page; with `scope=org` and a token your own stock, by cursor."""
    if whose == "org":
        return Response(await _own(db, visitor, asked, status or [], cursor, limit))
    return Response(await queries.search(db, asked), headers=_FOR_ALL)


async def _own(
    db: Db, visitor: Principal | None, asked: ListingSearchForm, status: list[Any], cursor: str | None, limit: int
) -> Page[StockRow]:
    """Raises SignInNeeded, Forbidden, NotFound for a branch that is not ours."""
    if visitor is None:
        raise SignInNeeded
    if not may(visitor.role, "listing.read"):
        raise Forbidden
    branch_id = await orgs.branch_id_of(db, asked.branch[0]) if asked.branch else None
    return await queries.stock(
        db, StockFilters(q=asked.q[:80]), status=status, branch_id=branch_id, cursor=cursor, limit=limit
    )


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


ROUTES = (list_listings, show_listing, list_drops)
