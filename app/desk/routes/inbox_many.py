"""One action on many leads, taking an action back, and views that are kept."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from msgspec import Struct

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.errors import Invalid
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.desk import inbox, undoing
from app.desk.routes.inbox import ASKED, AskedFor, again, filters_of, saved, sheet
from app.desk.routes.inbox_changes import CHANGE
from app.leads import queries, service
from app.leads.errors import Overtaken
from app.leads.schemas import Bulk, BulkForm, Filters, ViewForm

ManyData = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]


class SavedForm(Struct, frozen=True, forbid_unknown_fields=True):
    """`filters` is the list's own address, as the page shows it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    filters: Annotated[str, msgspec.Meta(max_length=2000)]
    shared: bool = False


@post("/desk/inbox/batches", access="org:lead.change", **CHANGE)
async def create_batch(request: Request[Any, Any, Any], db: WithDb, who: Who, data: ManyData) -> Response[Any]:
    """What can be done is done, the rest is counted."""
    bulk = await service.bulk(db, who, _bulk_form(data))
    said = _told(bulk)
    if not request.headers.get("hx-request"):
        return render.redirect("/desk/inbox", said)
    return render.page(
        "desk/inbox/_said.html", said=said, tone="ok" if bulk.done else "warn",
        batch_id=bulk.batch_id if bulk.done else None,
    )  # fmt: skip


def _bulk_form(data: dict[str, Any]) -> BulkForm:
    """`act` is what a button says: `assign:PERSON`, `status:lost:price`, `snooze:tomorrow`, `archive`, `restore`.

    A bare `status:lost` is for the `reason` in one's own words. Raises Invalid. Several ids come as a list, one alone.
    """
    action, _colon, how = str(data.get("act", "")).partition(":")
    what, _colon, known = how.partition(":")
    reason = known or str(data.get("reason", ""))
    given = {"status": {"status": what, "reason": reason}, "assign": {"assignee_id": what}, "snooze": {"choice": what}}
    ids = data.get("ids", [])
    form = {
        "ids": ids if isinstance(ids, list) else [ids],
        "action": action,
        **{name: text for name, text in given.get(action, {}).items() if text},
    }
    try:
        return msgspec.convert(form, BulkForm, strict=False)
    except msgspec.ValidationError as error:
        if "`$.reason`" in str(error):
            raise Invalid([{"field": "reason", "message": _("This is too long.")}]) from None
        raise Invalid([{"field": "ids", "message": _("Select some leads first.")}]) from None


def _told(bulk: Bulk) -> str:
    done, left = len(bulk.done), len(bulk.skipped)
    if left:
        return _("Changed: %(done)s. Left as they were: %(left)s.", done=done, left=left)
    return _("Changed: %(done)s.", done=done)


def _overtaken(request: Request[Any, Any, Any], refusal: Overtaken) -> Response[Any]:
    said = undoing.overtaken(refusal, render.choices(request).lang)
    if not request.headers.get("hx-request"):
        return render.redirect("/desk/inbox", said, "warn")
    return render.page("desk/inbox/_said.html", said=said, tone="warn", batch_id=None).sent(refusal.status)


_UNDO: dict[str, Any] = {**CHANGE, "exception_handlers": {**CHANGE["exception_handlers"], Overtaken: _overtaken}}


@post("/desk/inbox/batches/{batch_id:uuid}/undoing", access="org:lead.change", **_UNDO)
async def create_undoing(
    request: Request[Any, Any, Any], db: WithDb, who: Who, batch_id: FromPath[Id]
) -> Response[Any]:
    deed = await queries.deed_of(db, batch_id, who.person_id)
    undone = await service.undo(db, who, batch_id)
    names = await queries.names_of(db, undone.done)
    said = undoing.taken_back(deed, list(names.values()), len(undone.skipped), render.choices(request).lang)
    if not request.headers.get("hx-request"):
        return render.redirect("/desk/inbox", said)
    return render.page("desk/inbox/_said.html", said=said, tone="info", batch_id=None)


@get("/desk/inbox/views/new", access="org:lead_view.save", **ASKED)
async def show_new_view(request: Request[Any, Any, Any], who: Who, asked: AskedFor) -> Response[Any]:
    return sheet(request, "view", **_view_context(filters_of(asked), inbox.rights(who)), form=forms.EMPTY)


@post("/desk/inbox/views", access="org:lead_view.save", status_code=200, **again("view"))
async def create_view(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    filters = _filters(data.get("filters", ""))
    forms.filled(request, data, **_view_context(msgspec.to_builtins(filters), inbox.rights(who)))
    form = forms.read(SavedForm, data)
    view_id = await service.save_view(db, who, ViewForm(name=form.name, filters=filters, shared=form.shared))
    return saved(request, f"/desk/inbox?saved={view_id}", _("The view is kept."))


@post("/desk/inbox/views/{view_id:uuid}/removal", access="org:lead_view.save", **CHANGE)
async def delete_view(db: WithDb, who: Who, view_id: FromPath[Id]) -> Response[Any]:
    await service.remove_view(db, who, view_id)
    return render.redirect("/desk/inbox", _("The view is removed."))


def _view_context(filters: dict[str, Any], rights: Any) -> dict[str, Any]:
    return {"filters": msgspec.json.encode(filters).decode(), "rights": rights}


def _filters(text: str) -> Filters:
    """Raises Invalid."""
    try:
        return msgspec.json.decode(text.encode(), type=Filters)
    except (msgspec.MsgspecError, ValueError):
        raise Invalid([{"field": "filters", "message": _("This does not look right.")}]) from None


ROUTES: list[Any] = [create_batch, create_undoing, show_new_view, create_view, delete_view]
