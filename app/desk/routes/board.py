"""The board of a branch, or of the whole org: live, and as a sheet."""

import csv
import io
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import QueryParameter

from app.analytics import queries, rules
from app.analytics.schemas import Period
from app.core import lists, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.security import Principal
from app.desk.board_sheet import PANELS, Panel, rows
from app.orgs import queries as orgs

Slug = Annotated[str, QueryParameter(name="branch", max_length=63)]
Asked = Annotated[str, QueryParameter(name="period", max_length=10)]
OfPanel = Annotated[str, QueryParameter(name="panel", max_length=10)]


@get("/desk/board", access="org:board.read")
async def show_board(db: WithDb, who: Who, branch: Slug = "", period: Asked = "today") -> Response[Any]:
    found = await orgs.branches(db, limit=100) if who.branch_id is None else None
    return render.page(
        "desk/board/page.html",
        **await _region(db, who, branch, period),
        branches=found.items if found else [],
        periods=list(rules.DAYS),
    )


@get("/desk/board/region", access="org:board.read", include_in_schema=False)
async def show_board_region(db: WithDb, who: Who, branch: Slug = "", period: Asked = "today") -> Response[Any]:
    return render.page("desk/board/_region.html", **await _region(db, who, branch, period))


@get("/desk/board.csv", access="org:board.read")
async def show_sheet(
    request: Request[Any, Any, Any],
    db: WithDb,
    who: Who,
    branch: Slug = "",
    period: Asked = "today",
    panel: OfPanel = "members",
) -> Response[bytes]:
    """One panel as a sheet, its header in the reader's language."""
    board = (await _region(db, who, branch, period))["board"]
    chosen: Panel = panel if panel in PANELS else "members"  # type: ignore[assignment]
    sheet = io.StringIO()
    csv.writer(sheet).writerows(
        [rules.sheet_safe(cell) for cell in row] for row in rows(board, chosen, render.choices(request).lang)
    )
    name = f"board-{board.branch}-{board.first}-{board.last}-{chosen}.csv"
    return Response(
        sheet.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"},
    )


async def _region(db: Db, who: Principal, branch: str, period: str) -> dict[str, Any]:
    """Raises NotFound for a branch that is not ours, or not theirs."""
    chosen: Period = period if period in rules.DAYS else "today"  # type: ignore[assignment]
    position = await lists.position(db)
    board = await queries.board(db, await queries.named(db, queries.slug_for(who, branch)), chosen)
    return {"board": board, "position": position, "key": rules.topic_key(board.branch, board.period)}


ROUTES: list[Any] = [show_board, show_board_region, show_sheet]
