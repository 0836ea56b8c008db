"""Alerts: what somebody was told, and what they want to hear."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import lists, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import QueryCursor
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.notices import queries, rules, service
from app.notices.live import PAGE
from app.notices.schemas import ChoiceForm, ChoicesForm
from app.orgs import queries as orgs


@get("/desk/notices", access="org:notice.read")
async def show_notices(db: WithDb, who: Who, cursor: QueryCursor = None) -> Response[Any]:
    return render.page("desk/notices/page.html", **await _listed(db, who, cursor), older=cursor is not None)


@get("/desk/notices/region", access="org:notice.read")
async def show_notices_region(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/notices/_region.html", **await _listed(db, who), older=False)


@get("/desk/notices/bell", access="org:notice.read")
async def show_bell(db: WithDb, who: Who) -> Response[Any]:
    position = await lists.position(db)
    unread = await queries.unread(db, who.person_id)
    return render.page("desk/notices/_bell_region.html", unread=unread, me=who.person_id, position=position)


@get("/desk/notices/{notice_id:uuid}", access="org:notice.read", writes=True)
async def open_notice(db: WithDb, who: Who, notice_id: FromPath[Id]) -> Response[Any]:
    """On to what it is about; whoever has come by it has read it."""
    notice = await queries.notice_row(db, notice_id, who.person_id)
    await service.read(db, who, notice_id)
    return render.redirect(notice.url)


@post("/desk/notices/{notice_id:uuid}/read", access="org:notice.read", status_code=303)
async def read_notice(request: Request[Any, Any, Any], db: WithDb, who: Who, notice_id: FromPath[Id]) -> Response[Any]:
    await service.read(db, who, notice_id)
    if not request.headers.get("hx-request"):
        return render.redirect("/desk/notices")
    await db.flush()
    return render.page("notices/_row.html", notice=await queries.notice_row(db, notice_id, who.person_id))


@post("/desk/notices/read", access="org:notice.read", status_code=303)
async def read_notices(db: WithDb, who: Who) -> Response[Any]:
    await service.read_all(db, who)
    return render.redirect("/desk/notices", _("All read."))


@get("/desk/notices/choices", access="org:notice.choose")
async def show_choices(db: WithDb, who: Who) -> Response[Any]:
    me = await orgs.member_row(db, who.person_id)
    choices = await queries.choices(db, who.person_id)
    return render.page(
        "desk/notices/choices.html", choices=choices, offered=rules.OFFERED, channels=rules.CHANNELS,
        has_phone=me.phone is not None,
    )  # fmt: skip


@post("/desk/notices/choices", access="org:notice.choose", status_code=303)
async def update_choices(db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """A box that is not ticked is not sent."""
    offered = [(kind, channel) for kind, channels in rules.OFFERED.items() for channel in channels]
    chosen = [ChoiceForm(kind=kind, channel=way, on=f"{kind}.{way}" in data) for kind, way in offered]  # type: ignore[arg-type]
    await service.change_choices(db, who, ChoicesForm(quiet="quiet" in data, choices=chosen))
    return render.redirect("/desk/notices/choices", _("Saved."))


@post("/desk/notices/test", access="org:notice.choose", status_code=303)
async def create_test_notice(db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """Of everything switched on, or of one alert by one `way`."""
    kind, _dot, channel = data.get("way", "").partition(".")
    if kind:
        await service.try_one(db, who, kind, None if channel == "desk" else channel)
    else:
        await service.try_out(db, who)
    return render.redirect("/desk/notices/choices", _("A test alert is on its way."))


async def _listed(db: Db, who: Principal, cursor: str | None = None) -> dict[str, Any]:
    found = await queries.notices(db, who.person_id, cursor=cursor, limit=PAGE)
    return {
        "notices": found.items, "unread": found.unread, "next_cursor": found.next_cursor, "position": found.position,
        "me": who.person_id,
    }  # fmt: skip


ROUTES: list[Any] = [
    show_notices, show_notices_region, show_bell, open_notice, read_notice, read_notices, show_choices, update_choices,
    create_test_notice,
]  # fmt: skip
