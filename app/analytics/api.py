"""The board over JSON, and the screens it hangs on."""

from typing import Annotated

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.analytics import queries, service
from app.analytics.schemas import Board, Period, ScreenForm, ScreenMade, ScreenRow
from app.core import settings
from app.core.asks import Who, WithDb
from app.core.ids import Id

OfBranch = Annotated[str, QueryParameter(name="branch", max_length=63, description="A slug, or all for the whole org.")]
OfPeriod = Annotated[Period, QueryParameter(name="period", description="Today, or the last 7 or 30 days with today.")]


@get("/board", access="org:board.read")
async def show_board(db: WithDb, who: Who, branch: OfBranch = "", period: OfPeriod = "today") -> Board:
    """The figures of a branch, or of the whole org with a table of its branches; days are Pakistan's.

    Members of one branch see theirs alone. Without `branch` it is one's own, or everything.
    """
    return await queries.board(db, await queries.named(db, queries.slug_for(who, branch)), period)


@get("/board/screens", access="org:screen.change")
async def list_screens(db: WithDb, who: Who) -> list[ScreenRow]:
    """Screens on walls that show a board, without their addresses."""
    return await queries.screens(db, within=who.branch_id)


@post("/board/screens", access="org:screen.change")
async def create_screen(db: WithDb, who: Who, data: JSONBody[ScreenForm]) -> ScreenMade:
    """Its address is in this answer and nowhere else."""
    made, token = await service.open_screen(db, who, data)
    return ScreenMade(id=made, url=f"{settings.current().base_url}/board/{token}")


@delete("/board/screens/{screen_id:uuid}", access="org:screen.change", status_code=204)
async def delete_screen(db: WithDb, who: Who, screen_id: FromPath[Id]) -> None:
    """It goes dark at once."""
    await service.close_screen(db, who, screen_id)


ROUTES = (show_board, list_screens, create_screen, delete_screen)
