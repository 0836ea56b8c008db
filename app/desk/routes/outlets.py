"""Outgoing feeds: where others fetch our cars, what is in each, and which cars are left out."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import QueryCursor
from app.core.forms import Form, FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.orgs import queries as orgs
from app.outlets import queries, service
from app.outlets.schemas import OutletForm, OutletPatch

_EDIT = "desk/outlets/edit.html"


@get("/desk/outlets", access="org:outlet.read")
async def show_outlets(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/outlets/page.html", found=await queries.outlets(db, within=who.branch_id))


@get("/desk/outlets/new", access="org:outlet.change")
async def show_new_outlet(db: WithDb, who: Who) -> Response[Any]:
    return render.page(_EDIT, **await _choices(db, who), form=forms.EMPTY)


@post("/desk/outlets", access="org:outlet.change", status_code=303, **forms.again(_EDIT))
async def create_outlet(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    form = forms.read(OutletForm, forms.filled(request, data, **await _choices(db, who)))
    made = await service.open_outlet(db, who, form)
    return render.redirect(f"/desk/outlets/{made}", _("The feed is ready. Its address is on this page."))


@get("/desk/outlets/{outlet_id:uuid}", access="org:outlet.read")
async def show_outlet(db: WithDb, who: Who, outlet_id: FromPath[UUID], cursor: QueryCursor = None) -> Response[Any]:
    context = await _context(db, who, outlet_id, cursor)
    values = {"name": context["one"].name, "branch": context["one"].branch or ""}
    return render.page(_EDIT, **context, form=Form(values=values))


@post("/desk/outlets/{outlet_id:uuid}", access="org:outlet.change", status_code=303, **forms.again(_EDIT))
async def update_outlet(
    request: Request[Any, Any, Any], db: WithDb, who: Who, outlet_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    form = forms.read(OutletPatch, forms.filled(request, data, **await _context(db, who, outlet_id)))
    await service.change_outlet(db, who, outlet_id, form)
    return render.redirect(f"/desk/outlets/{outlet_id}", _("Saved."))


@post("/desk/outlets/{outlet_id:uuid}/address", access="org:outlet.change", status_code=303)
async def create_outlet_address(db: WithDb, who: Who, outlet_id: FromPath[UUID]) -> Response[Any]:
    await service.renew_outlet(db, who, outlet_id)
    return render.redirect(f"/desk/outlets/{outlet_id}", _("The new address works. The old one does not any more."))


@post("/desk/outlets/{outlet_id:uuid}/removal", access="org:outlet.change", status_code=303)
async def delete_outlet(db: WithDb, who: Who, outlet_id: FromPath[UUID]) -> Response[Any]:
    await service.close_outlet(db, who, outlet_id)
    return render.redirect("/desk/outlets", _("The feed is removed."))


async def _choices(db: Db, who: Principal) -> dict[str, Any]:
    branches = (await orgs.branches(db, limit=100)).items if who.branch_id is None else []
    return {"one": None, "branches": branches, "branch_choices": [(one.slug, one.name) for one in branches]}


async def _context(db: Db, who: Principal, outlet_id: Id, cursor: str | None = None) -> dict[str, Any]:
    """Raises OutletGone."""
    one = await queries.outlet(db, outlet_id, within=who.branch_id)
    left = await queries.left_out(db, outlet_id, within=who.branch_id, cursor=cursor)
    more = f"/desk/outlets/{outlet_id}?cursor={left.next_cursor}#left-out" if left.next_cursor else None
    return {**await _choices(db, who), "one": one, "left": left.items, "following": more}


ROUTES: list[Any] = [
    show_outlets, show_new_outlet, create_outlet, show_outlet, update_outlet, create_outlet_address, delete_outlet,
]  # fmt: skip
