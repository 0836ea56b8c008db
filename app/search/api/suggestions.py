"""What to suggest while somebody types."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from app.core.asks import WithDb
from app.core.bounds import QueryText
from app.search import queries
from app.search.rules import Suggestion, suggest

_FOR_ALL = {"cache-control": "public, max-age=60, stale-while-revalidate=300"}
Limit = Annotated[int, QueryParameter(ge=1, le=20)]


@get("/search/suggest", access="public", tags=["search"])
async def list_suggestions(db: WithDb, q: QueryText = "", limit: Limit = 8) -> Response[list[Suggestion]]:
    """Makes, models, trims and cities that what was typed may become, with how many cars there are of each."""
    found = suggest(q, await queries.lexicon(db), await queries.stock(db), limit) if q.strip() else []
    return Response(found, headers=_FOR_ALL)


ROUTES = (list_suggestions,)
