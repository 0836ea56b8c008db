"""Notices over JSON: one's own, and what one wants to hear."""

from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.ids import Id
from app.notices import queries, service
from app.notices.schemas import Choices, ChoicesForm, NoticePage, NoticeRow


@get("/notices", access="org:notice.read")
async def list_notices(db: WithDb, who: Who, cursor: QueryCursor = None, limit: QueryLimit = 50) -> NoticePage:
    """The newest first; `unread` counts them all."""
    return await queries.notices(db, who.person_id, cursor=cursor, limit=limit)


@post("/notices/{notice_id:uuid}/read", access="org:notice.read", status_code=200)
async def read_notice(db: WithDb, who: Who, notice_id: FromPath[Id]) -> NoticeRow:
    await service.read(db, who, notice_id)
    await db.flush()
    return await queries.notice_row(db, notice_id, who.person_id)


@post("/notices/read", access="org:notice.read", status_code=204)
async def read_notices(db: WithDb, who: Who) -> None:
    """All of them."""
    await service.read_all(db, who)


@get("/notices/choices", access="org:notice.choose")
async def show_choices(db: WithDb, who: Who) -> Choices:
    return await queries.choices(db, who.person_id)


@put("/notices/choices", access="org:notice.choose")
async def update_choices(db: WithDb, who: Who, data: JSONBody[ChoicesForm]) -> Choices:
    """What is left out stays as it is."""
    await service.change_choices(db, who, data)
    await db.flush()
    return await queries.choices(db, who.person_id)


ROUTES = (list_notices, read_notice, read_notices, show_choices, update_choices)
