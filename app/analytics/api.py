"""The board over JSON."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from app.analytics import queries
from app.analytics.schemas import Board, Period
from app.core.asks import Who, WithDb

OfBranch = Annotated[str, QueryParameter(name="branch", max_length=63, description="A slug, or all for the whole org.")]
OfPeriod = Annotated[Period, QueryParameter(name="period", description="Today, or the last 7 or 30 days with today.")]


@get("/board", access="org:board.read")
async def show_board(db: WithDb, who: Who, branch: OfBranch = "", period: OfPeriod = "today") -> Board:
    """The figures of a branch, or of the whole org with a table of its branches; days are Pakistan's.

    Members of one branch see theirs alone. Without `branch` it is one's own, or everything.
    """
    return await queries.board(db, await queries.named(db, queries.slug_for(who, branch)), period)


ROUTES = (show_board,)
