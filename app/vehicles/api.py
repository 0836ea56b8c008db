"""JSON of the vehicle catalogue."""

from typing import Annotated

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.params import QueryParameter

from app.core.asks import WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.paging import Page
from app.vehicles import queries
from app.vehicles.schemas import MakeRow, ModelRow

QueryMake = Annotated[str, QueryParameter(min_length=1, max_length=63, description="Slug of a make.")]
QueryYear = Annotated[int | None, QueryParameter(ge=1950, le=2100)]
_AN_HOUR = CacheControlHeader(public=True, max_age=3600)


@get("/vehicles/makes", access="public", tags=["catalogue"], cache_control=_AN_HOUR)
async def list_makes(db: WithDb, cursor: QueryCursor = None, limit: QueryLimit = 50) -> Page[MakeRow]:
    """Makes sold in Pakistan; the most sold first."""
    return await queries.makes(db, cursor=cursor, limit=limit)


@get("/vehicles/models", access="public", tags=["catalogue"], cache_control=_AN_HOUR)
async def list_models(
    db: WithDb, make: QueryMake, year: QueryYear = None, cursor: QueryCursor = None, limit: QueryLimit = 50
) -> Page[ModelRow]:
    """Models of a make with their trims, of one model year where asked; the most sold first."""
    return await queries.models(db, make=make, year=year, cursor=cursor, limit=limit)


ROUTES = (list_makes, list_models)
