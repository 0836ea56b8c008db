"""Runs of imports over JSON."""

from collections.abc import AsyncIterator
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from app.core import db as database
from app.core.asks import AnyRequest, Who, WithDb
from app.core.base import Db, Scope
from app.core.bounds import QueryCount, QueryCursor, QueryLimit
from app.core.i18n import Lang
from app.core.ids import Id
from app.core.paging import Page
from app.core.render import choices
from app.core.security import Principal
from app.feeds import queries, service
from app.feeds.rules import rejecting
from app.feeds.schemas import RejectRow, RunCard, RunForm, Started

_PAGE = 1_000


@post("/feeds/{file_id:uuid}/runs", access="org:feed.run")
async def start_run(db: WithDb, who: Who, file_id: FromPath[UUID], data: JSONBody[RunForm]) -> Started:
    """A worker takes it on; `dry_run` counts the same and writes no stock."""
    return Started(await service.start_run(db, who, file_id, data))


@get("/feeds/runs", access="org:feed.read")
async def list_runs(db: WithDb, cursor: QueryCursor = None, limit: QueryLimit = 20) -> Page[RunCard]:
    """The latest first."""
    return await queries.runs(db, cursor=cursor, limit=limit)


@get("/feeds/runs/{run_id:uuid}", access="org:feed.read")
async def show_run(db: WithDb, run_id: FromPath[UUID]) -> RunCard:
    """How far it is, and what became of its rows."""
    return await queries.run_card(db, run_id)


@get("/feeds/runs/{run_id:uuid}/rejects", access="org:feed.read")
async def list_rejects(
    db: WithDb, run_id: FromPath[UUID], after: QueryCount = 0, limit: QueryLimit = 100
) -> list[RejectRow]:
    """Rows that were not taken, in the order of the sheet, each with all that is wrong with it."""
    await queries.run_card(db, run_id)
    return await queries.rejects(db, run_id, after=after, limit=limit)


@get("/feeds/runs/{run_id:uuid}/rejects.csv", access="org:feed.read", media_type="text/csv")
async def download_rejects(request: AnyRequest, db: WithDb, who: Who, run_id: FromPath[UUID]) -> Stream:
    """The rows that were not taken, as they came, with what is wrong in columns of their own: mend and send again."""
    return await rejects_file(db, who, run_id, choices(request).lang)


async def rejects_file(db: Db, who: Principal, run_id: Id, lang: Lang) -> Stream:
    """The problems are said in the reader's language. Raises RunGone."""
    run = await queries.run_card(db, run_id)
    file = await queries.file_card(db, run.file_id)
    lines = rejected_lines(who.org_id, run_id, [column.header for column in file.columns], lang)
    headers = {"content-disposition": f'attachment; filename="rejects-{run.created_at:%Y%m%d-%H%M}.csv"'}
    return Stream(lines, media_type="text/csv", headers=headers)


async def rejected_lines(org_id: Id, run_id: Id, headers: list[str], lang: Lang) -> AsyncIterator[bytes]:
    """The file, some rows at a time: each page is a read of its own."""
    yield rejecting.heading(headers, lang)
    after = 0
    while True:
        async with database.unit(Scope(org_id=org_id), read=True) as db:
            rows = await queries.rejects(db, run_id, after=after, limit=_PAGE)
        if not rows:
            return
        yield rejecting.lines(rows, len(headers), lang)
        after = rows[-1].number


@post("/feeds/runs/{run_id:uuid}/approve", access="org:feed.approve", status_code=200)
async def approve_run(db: WithDb, who: Who, run_id: FromPath[UUID]) -> RunCard:
    """Let a run go on that would take much away or reprice much."""
    await service.approve(db, who, run_id)
    return await queries.run_card(db, run_id)


@post("/feeds/runs/{run_id:uuid}/stop", access="org:feed.run", status_code=200)
async def stop_run(db: WithDb, who: Who, run_id: FromPath[UUID]) -> RunCard:
    """What was taken stays, and can be undone."""
    await service.stop(db, who, run_id)
    return await queries.run_card(db, run_id)


@post("/feeds/runs/{run_id:uuid}/undo", access="org:feed.run", status_code=202)
async def undo_run(db: WithDb, who: Who, run_id: FromPath[UUID]) -> RunCard:
    """For 24 hours; what somebody has changed since stays, and is listed in `conflicts`."""
    await service.start_undo(db, who, run_id)
    return await queries.run_card(db, run_id)


ROUTES = (
    start_run, list_runs, show_run, list_rejects, download_rejects, approve_run, stop_run, undo_run,
)  # fmt: skip
