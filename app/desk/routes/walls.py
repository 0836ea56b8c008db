"""Boards on a wall: the screens a dealer has put up, and what each shows to who knows its address, signed in or not."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.analytics import queries, service
from app.analytics.schemas import ScreenForm
from app.core import forms, i18n, render, settings
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.errors import NotFound
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.orgs import queries as orgs

_PAGE = "desk/board/screens.html"
_SECRET = {"cache-control": "private, no-store", "referrer-policy": "no-referrer"}


@get("/desk/board/screens", access="org:screen.change")
async def show_screens(db: WithDb, who: Who) -> Response[Any]:
    return render.page(_PAGE, **await _screens(db, who), form=forms.EMPTY, url=None)


@post("/desk/board/screens", access="org:screen.change", status_code=200, **forms.again(_PAGE))
async def create_screen(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """The page shows the address this once."""
    given = forms.filled(request, data, **await _screens(db, who), url=None)
    _made, token = await service.open_screen(db, who, forms.read(ScreenForm, given))
    await db.flush()
    url = f"{settings.current().base_url}/board/{token}"
    return render.page(_PAGE, **await _screens(db, who), form=forms.EMPTY, url=url).sent(headers=_SECRET)


@post("/desk/board/screens/{screen_id:uuid}/removal", access="org:screen.change", status_code=303)
async def delete_screen(db: WithDb, who: Who, screen_id: FromPath[Id]) -> Response[Any]:
    await service.close_screen(db, who, screen_id)
    return render.redirect("/desk/board/screens", _("The screen is switched off."))


@get("/board/{token:uuid}", access="public", include_in_schema=False)
async def show_wall(db: WithDb, token: FromPath[Id]) -> Response[Any]:
    door = await _door(token)
    page = render.page("desk/board/wall.html", board=await queries.wall(db, door), token=token)
    return page.spoken(i18n.known(door.lang)).sent(headers=_SECRET)


@get("/board/{token:uuid}/region", access="public", include_in_schema=False)
async def show_wall_region(db: WithDb, token: FromPath[Id]) -> Response[Any]:
    """For who has no live line, and to notice a new release."""
    door = await _door(token)
    page = render.page("analytics/_wall.html", board=await queries.wall(db, door))
    return page.spoken(i18n.known(door.lang)).sent(headers=_SECRET)


async def _door(token: Id) -> queries.Door:
    """Raises NotFound for an address that is none, or none any more."""
    door = (await queries.doors([token])).get(token)
    if door is None:
        raise NotFound
    return door


async def _screens(db: Db, who: Principal) -> dict[str, Any]:
    branches = (await orgs.branches(db, limit=100)).items if who.branch_id is None else []
    return {
        "screens": await queries.screens(db, within=who.branch_id),
        "branches": [(one.slug, one.name) for one in branches],
    }


ROUTES: list[Any] = [show_screens, create_screen, delete_screen, show_wall, show_wall_region]
