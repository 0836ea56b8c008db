"""Calls to buyers: put down when their number is tapped, and how they went."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath
from msgspec import Struct

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.errors import NotFound
from app.core.forms import FormData
from app.core.i18n import _
from app.core.idempotency import first, keyed
from app.core.ids import Id
from app.desk import inbox
from app.desk.routes.inbox_changes import CHANGE, done
from app.leads import queries, service
from app.leads.schemas import CallPatch


class NoFields(Struct, frozen=True, forbid_unknown_fields=True):
    """The tap says it all."""


@post("/desk/inbox/{lead_id:uuid}/calls", access="org:lead.reply", **CHANGE)
async def create_call(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    """Asks how it went; told twice, of the same call."""
    forms.read(NoFields, data)
    if await first(db, keyed(request, data)):
        await service.call(db, who, lead_id)
    await db.flush()
    entry_id = await queries.last_call(db, lead_id, who.person_id)
    if entry_id is None:
        raise NotFound
    if not request.headers.get("hx-request"):
        return render.redirect(f"/desk/inbox/{lead_id}", _("The call is noted."))
    headers = await inbox.versioned(db, lead_id)
    return render.page("desk/inbox/_called.html", lead_id=lead_id, entry_id=entry_id).sent(headers=headers)


@post("/desk/inbox/{lead_id:uuid}/calls/{entry_id:uuid}", access="org:lead.reply", **CHANGE)
async def update_call(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], entry_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(CallPatch, data)
    await service.settle_call(db, who, lead_id, entry_id, form.outcome)
    said = _("Noted: they talked.") if form.outcome == "talked" else _("Noted: nobody answered. The clock runs on.")
    return await done(request, db, who, lead_id, said, back=False)


ROUTES: list[Any] = [create_call, update_call]
