"""JSON of the places of Pakistan."""

from typing import Annotated

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.params import PathParameter, QueryParameter

from app.core.asks import WithDb
from app.core.bounds import QueryCursor, QueryLimit, QueryText
from app.core.paging import Page
from app.taxonomy import queries
from app.taxonomy.schemas import AttributeRow, CategoryRow, LocationRow

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


@get("/categories", access="public", tags=["catalogue"], cache_control=CacheControlHeader(public=True, max_age=3600))
async def list_categories(db: WithDb) -> list[CategoryRow]:
    """The tree of what is offered; listings are of its leaves."""
    return await queries.categories(db)


@get(
    "/categories/{category:str}/attributes", access="public", tags=["catalogue"],
    cache_control=CacheControlHeader(public=True, max_age=3600),
)  # fmt: skip
async def list_attributes(db: WithDb, category: Annotated[str, PathParameter(max_length=63)]) -> list[AttributeRow]:
    """What a category, by its slug, asks of a listing."""
    return await queries.attributes(db, category)


ROUTES = (list_locations, list_categories, list_attributes)
