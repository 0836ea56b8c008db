"""Addresses that sheets are pulled from: made, changed, fetched now, paused, removed."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.desk import imports
from app.feeds import intake, service
from app.feeds.schemas import SourceForm, SourcePatch

_PAGE = "desk/imports/source.html"
_AT = "/desk/imports/sources"


@get(f"{_AT}/region", access="org:feed.read", include_in_schema=False)
async def show_sources_region(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/imports/_sources_region.html", **await imports.sources(db, who))


@get(f"{_AT}/new", access="org:feed.run")
async def show_new_source(db: WithDb, who: Who) -> Response[Any]:
    return render.page(_PAGE, **await imports.of_source(db, who, None), form=forms.EMPTY)


@post(_AT, access="org:feed.run", status_code=303, **forms.again(_PAGE))
async def create_source(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    forms.filled(request, data, **await imports.of_source(db, who, None))
    form = forms.read(SourceForm, imports.ticked(data))
    await intake.vet(form.url)
    made = await service.add_source(db, who, form)
    return render.redirect(f"{_AT}/{made}", _("Saved. It is being fetched."))


@get(f"{_AT}/{{source_id:uuid}}", access="org:feed.run")
async def show_source(db: WithDb, who: Who, source_id: FromPath[UUID]) -> Response[Any]:
    context = await imports.of_source(db, who, source_id)
    return render.page(_PAGE, **context, form=forms.Form(values=imports.shown(context["source"])))


@get(f"{_AT}/{{source_id:uuid}}/region", access="org:feed.run", include_in_schema=False)
async def show_source_region(db: WithDb, who: Who, source_id: FromPath[UUID]) -> Response[Any]:
    return render.page("desk/imports/_source_region.html", **await imports.of_source(db, who, source_id))


@post(f"{_AT}/{{source_id:uuid}}", access="org:feed.run", status_code=303, **forms.again(_PAGE))
async def update_source(
    request: Request[Any, Any, Any], db: WithDb, who: Who, source_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    forms.filled(request, data, **await imports.of_source(db, who, source_id))
    patch = forms.read(SourcePatch, imports.ticked(data))
    await intake.vet(patch.url)
    await service.change_source(db, who, source_id, patch)
    return render.redirect(f"{_AT}/{source_id}", _("Saved."))


@post(f"{_AT}/{{source_id:uuid}}/fetches", access="org:feed.run", status_code=303)
async def create_fetch(db: WithDb, who: Who, source_id: FromPath[UUID]) -> Response[Any]:
    await service.ask_source(db, who, source_id)
    return render.redirect(f"{_AT}/{source_id}", _("It is being fetched."))


@post(f"{_AT}/{{source_id:uuid}}/pause", access="org:feed.run", status_code=303)
async def create_pause(db: WithDb, who: Who, source_id: FromPath[UUID]) -> Response[Any]:
    await service.change_source(db, who, source_id, SourcePatch(state="paused"))
    return render.redirect(f"{_AT}/{source_id}", _("Paused."))


@post(f"{_AT}/{{source_id:uuid}}/resumption", access="org:feed.run", status_code=303)
async def create_resumption(db: WithDb, who: Who, source_id: FromPath[UUID]) -> Response[Any]:
    await service.change_source(db, who, source_id, SourcePatch(state="active"))
    return render.redirect(f"{_AT}/{source_id}", _("It goes on, and is fetched at once."))


@post(f"{_AT}/{{source_id:uuid}}/removal", access="org:feed.run", status_code=303)
async def delete_source(db: WithDb, who: Who, source_id: FromPath[UUID]) -> Response[Any]:
    await service.remove_source(db, who, source_id)
    return render.redirect("/desk/imports", _("Removed. What came from it stays."))


ROUTES: list[Any] = [
    show_sources_region, show_new_source, create_source, show_source, show_source_region, update_source, create_fetch,
    create_pause, create_resumption, delete_source,
]  # fmt: skip
