"""JSON that anybody may ask: what is for sale."""

from typing import Annotated, Any, Literal

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from app.core.asks import Visitor, WithDb
from app.core.base import Db
from app.core.bounds import QueryCursor, QueryLimit
from app.core.errors import Forbidden, SignInNeeded
from app.core.paging import Page
from app.core.security import Principal, may
from app.listings import queries as listings
from app.listings.api import provide_asked
from app.listings.schemas import ListingSearchForm, SearchPage, Status, StockFilters, StockRow
from app.orgs import queries as orgs
from app.search import queries

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
    return await listings.stock(
        db, StockFilters(q=asked.q[:80]), status=status, branch_id=branch_id, cursor=cursor, limit=limit
    )


ROUTES = (list_listings,)
