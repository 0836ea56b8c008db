"""Sheets handed in over JSON, and what their columns and words mean."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from app.core.asks import AnyRequest, Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.paging import Page
from app.feeds import queries, service
from app.feeds.api import intake
from app.feeds.schemas import FileCard, MappingCard, MappingForm, ReadAs, Uploaded, WordForm

_SENT: dict[str, Any] = {"takes": "multipart/form-data", "body_limit": intake.MOST_BYTES}


@post("/feeds/upload", access="org:feed.run", responses={201: ResponseSpec(Uploaded, generate_examples=False)}, **_SENT)
async def upload_file(request: AnyRequest, db: WithDb, who: Who) -> Response[Any]:
    """The field `file` of a form: CSV, TSV, XLSX, XML or JSON in any encoding, at most 64 MB."""
    kept, looked = await intake.take_in(who, await intake.uploaded(request))
    return Response(Uploaded(await service.keep_file(db, who, kept, looked)), status_code=201)


@get("/feeds/files", access="org:feed.read")
async def list_files(db: WithDb, cursor: QueryCursor = None, limit: QueryLimit = 20) -> Page[FileCard]:
    """The latest first."""
    return await queries.files(db, cursor=cursor, limit=limit)


@get("/feeds/files/{file_id:uuid}", access="org:feed.read")
async def show_file(db: WithDb, file_id: FromPath[UUID]) -> FileCard:
    """Its columns with fill and samples, and what each is taken for."""
    return await queries.file_card(db, file_id)


@put("/feeds/files/{file_id:uuid}/reading", access="org:feed.run")
async def change_reading(db: WithDb, who: Who, file_id: FromPath[UUID], data: JSONBody[ReadAs]) -> FileCard:
    """Read it with another encoding, separator or sheet than we thought."""
    looked = await intake.look_again(who, file_id, data)
    await service.read_again(db, file_id, looked, encoding=data.encoding, separator=data.separator, tab=data.tab)
    await db.flush()
    return await queries.file_card(db, file_id)


@get("/feeds/mappings", access="org:feed.read")
async def list_mappings(db: WithDb, cursor: QueryCursor = None, limit: QueryLimit = 50) -> Page[MappingCard]:
    return await queries.mappings(db, cursor=cursor, limit=limit)


@post("/feeds/mappings", access="org:feed.run")
async def save_mapping(db: WithDb, who: Who, data: JSONBody[MappingForm]) -> MappingCard:
    """What the columns of a file mean, for every sheet with the same headings."""
    made = await service.save_mapping(db, who, data)
    return queries.mapping_card(await queries.mapping(db, made))


@put("/feeds/words", access="org:feed.run", status_code=204)
async def learn_word(db: WithDb, who: Who, data: JSONBody[WordForm]) -> None:
    """What a word of this dealer's sheets means, from the next run on."""
    await service.learn(db, who, data)


ROUTES = (
    upload_file, list_files, show_file, change_reading, list_mappings, save_mapping, learn_word,
)  # fmt: skip
