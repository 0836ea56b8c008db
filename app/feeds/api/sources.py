"""Addresses that sheets are pulled from, over JSON. A member of one branch has those of that branch."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.paging import Page
from app.feeds import intake, queries, service
from app.feeds.schemas import SourceCard, SourceForm, SourceMade, SourcePatch


@get("/feeds/sources", access="org:feed.run")
async def list_sources(db: WithDb, who: Who, cursor: QueryCursor = None, limit: QueryLimit = 50) -> Page[SourceCard]:
    """The latest first."""
    return await queries.sources(db, who.branch_id, cursor=cursor, limit=limit)


@post("/feeds/sources", access="org:feed.run")
async def create_source(db: WithDb, who: Who, data: JSONBody[SourceForm]) -> SourceMade:
    """Fetched at once, and then every so many hours. https only; the secret is never given out again."""
    await intake.vet(data.url)
    return SourceMade(await service.add_source(db, who, data))


@get("/feeds/sources/{source_id:uuid}", access="org:feed.run")
async def show_source(db: WithDb, who: Who, source_id: FromPath[UUID]) -> SourceCard:
    """How the last fetch ended, and when the next is due."""
    return await queries.source_card(db, source_id, who.branch_id)


@patch("/feeds/sources/{source_id:uuid}", access="org:feed.run")
async def update_source(db: WithDb, who: Who, source_id: FromPath[UUID], data: JSONBody[SourcePatch]) -> SourceCard:
    """What is left out stays; `state` pauses it, or has it go on."""
    await queries.source_card(db, source_id, who.branch_id)
    await intake.vet(data.url)
    await service.change_source(db, who, source_id, data)
    await db.flush()
    return await queries.source_card(db, source_id, who.branch_id)


@delete("/feeds/sources/{source_id:uuid}", access="org:feed.run", status_code=204)
async def delete_source(db: WithDb, who: Who, source_id: FromPath[UUID]) -> None:
    """What came of it stays."""
    await service.remove_source(db, who, source_id)


@post("/feeds/sources/{source_id:uuid}/fetch", access="org:feed.run", status_code=202)
async def fetch_source(db: WithDb, who: Who, source_id: FromPath[UUID]) -> SourceCard:
    """Now, whatever its state; the outcome shows in the source."""
    await service.ask_source(db, who, source_id)
    await db.flush()
    return await queries.source_card(db, source_id, who.branch_id)


ROUTES = (list_sources, create_source, show_source, update_source, delete_source, fetch_source)
