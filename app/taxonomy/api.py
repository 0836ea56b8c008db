"""JSON of the places of Pakistan."""

from typing import Annotated

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.params import QueryParameter

from app.core.asks import WithDb
from app.core.bounds import QueryCursor, QueryLimit, QueryText
from app.core.paging import Page
from app.taxonomy import queries
from app.taxonomy.schemas import LocationRow

QuerySlug = Annotated[str | None, QueryParameter(max_length=63)]
QueryKind = Annotated[str | None, QueryParameter(pattern="^(province|city|area)$")]


@get("/locations", access="public", tags=["catalogue"], cache_control=CacheControlHeader(public=True, max_age=3600))
async def list_locations(
    db: WithDb,
    kind: QueryKind = None,
    parent: QuerySlug = None,
    q: QueryText = "",
    cursor: QueryCursor = None,
    limit: QueryLimit = 50,
) -> Page[LocationRow]:
    """Provinces, their cities, areas of cities; the biggest first."""
    return await queries.locations(db, kind=kind, parent=parent, q=q.strip(), cursor=cursor, limit=limit)


ROUTES = (list_locations,)
