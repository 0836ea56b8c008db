"""What is typed in the inbox: replies, notes, a buyer's details, leads from the showroom floor."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct

from app.accounts.schemas import Email, Lang, Name, Phone
from app.core import error_handlers, forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.errors import Refused
from app.core.forms import Form, FormData
from app.core.i18n import _
from app.core.idempotency import first, keyed
from app.core.ids import Id
from app.core.security import Principal
from app.desk import inbox
from app.desk.inbox import asked_for
from app.desk.routes.inbox import again, normal, saved, sheet
from app.leads import queries, service
from app.leads.errors import AnsweredMeanwhile
from app.leads.schemas import LeadForm, LeadPatch, Message, NoteForm, Priority, ReplyForm, Source, Text, Version
from app.orgs import queries as orgs


class DetailsForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The buyer as we know them; `car` by its stock number or market number."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None
    lang: Lang = "en"
    car: str | None = None
    priority: Priority | None = None
    version: Version | None = None


class NotedForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`mentions` as the list of colleagues fills it in: ids with spaces between them."""

    body: Text
    mentions: Annotated[str, Meta(pattern=r"^( ?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,20}$")] = ""


class WalkInForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who walked in or rang."""

    name: Name
    phone: Phone
    email: Email | None = None
    message: Message = ""
    source: Source = "walk_in"
    lang: Lang = "en"
    car: str | None = None
    branch_id: Id | None = None


def _held_back(request: Request[Any, Any, Any], refusal: Refused) -> Response[Any]:
    """Why it was not sent, above the composer, which keeps what was typed; without scripts the whole page again."""
    state: dict[str, Any] = request.scope["state"]
    if not normal(refusal) or "form_values" not in state:
        return error_handlers.handle(request, refusal)
    told = {"said": inbox.sentence(refusal), "anyway": isinstance(refusal, AnsweredMeanwhile)}
    if request.headers.get("hx-request"):
        return render.page("desk/inbox/_told.html", told=told).sent(refusal.status)
    context = {**state["form_context"], "form": Form(values=state["form_values"]), "told": told}
    return render.page("desk/inbox/page.html", **context).sent(refusal.status)


_WRITE: dict[str, Any] = {"status_code": 200, "exception_handlers": {Refused: _held_back}}


@post("/desk/inbox/{lead_id:uuid}/replies", access="org:lead.reply", **_WRITE)
async def create_reply(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(ReplyForm, await _kept(request, db, who, lead_id, data))
    if await first(db, keyed(request, data)):
        await service.reply(db, who, lead_id, form)
    return await _written(request, db, lead_id, _("Sent."))


@post("/desk/inbox/{lead_id:uuid}/notes", access="org:lead.note", **_WRITE)
async def create_note(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(NotedForm, await _kept(request, db, who, lead_id, data))
    note = NoteForm(body=form.body, mentions=[Id(one) for one in form.mentions.split()])
    if await first(db, keyed(request, data)):
        await service.note(db, who, lead_id, note)
    return await _written(request, db, lead_id, _("Noted."))


async def _kept(
    request: Request[Any, Any, Any], db: Db, who: Principal, lead_id: Id, data: dict[str, str]
) -> dict[str, str]:
    """Remembered should it have to be shown again; the page around it only where there are no scripts."""
    if request.headers.get("hx-request"):
        return forms.filled(request, data)
    nothing = asked_for()
    shown = await inbox.opened(db, who, lead_id)
    return forms.filled(
        request, data, **{**await inbox.listed(db, who, nothing), **await inbox.around(db, who), **shown}
    )


async def _written(request: Request[Any, Any, Any], db: Db, lead_id: Id, said: str) -> Response[Any]:
    """Nothing to say where the entry itself arrives by push."""
    if request.headers.get("hx-request"):
        return Response(b"", status_code=204, headers=await inbox.versioned(db, lead_id))
    return render.redirect(f"/desk/inbox/{lead_id}", said)


@get("/desk/inbox/{lead_id:uuid}/details", access="org:lead.change")
async def show_details(request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id]) -> Response[Any]:
    context = await _details(db, who, lead_id)
    lead = context["lead"]
    values = {
        "name": lead.name, "phone": lead.phone or "", "email": lead.email or "", "lang": lead.lang,
        "priority": lead.priority,
        "car": lead.car.stock_number or str(lead.car.number) if lead.car else "", "version": str(lead.version),
    }  # fmt: skip
    return sheet(request, "details", **context, form=Form(values=values))


@post(
    "/desk/inbox/{lead_id:uuid}/details",
    access="org:lead.change", status_code=200, **again("details"),
)  # fmt: skip
async def update_details(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    forms.filled(request, data, **await _details(db, who, lead_id))
    form = forms.read(DetailsForm, data, phone=service.e164)
    car = await queries.car_marked(db, form.car, within=who.branch_id) if form.car else None
    patch = LeadPatch(
        name=form.name, phone=form.phone or UNSET, email=form.email, lang=form.lang, listing_id=car,
        priority=form.priority or UNSET,
        version=form.version,
    )  # fmt: skip
    await service.change_lead(db, who, lead_id, patch)
    return saved(request, f"/desk/inbox/{lead_id}", _("Saved."))


async def _details(db: Db, who: Principal, lead_id: Id) -> dict[str, Any]:
    lead = await queries.lead_row(db, lead_id, within=who.branch_id)
    return {"lead": lead, "cars": await queries.cars(db, within=who.branch_id)}


@get("/desk/inbox/new", access="org:lead.open")
async def show_new_lead(request: Request[Any, Any, Any], db: WithDb, who: Who) -> Response[Any]:
    return sheet(request, "new", **await _choices(db, who), form=forms.EMPTY)


@post("/desk/inbox/new", access="org:lead.open", status_code=200, **again("new"))
async def create_lead(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """A new lead, or the open one this buyer has for this car already."""
    form = forms.read(WalkInForm, forms.filled(request, data, **await _choices(db, who)), phone=service.e164)
    car = await queries.car_marked(db, form.car, within=who.branch_id) if form.car else None
    lead = LeadForm(
        listing_id=car, name=form.name, phone=form.phone, email=form.email, message=form.message, source=form.source,
        branch_id=form.branch_id, lang=form.lang,
    )  # fmt: skip
    receipt = await service.walk_in(db, who, lead)
    said = _("This buyer has an open lead for this car. Here it is.") if receipt.repeated else _("The lead is open.")
    return saved(request, f"/desk/inbox/{receipt.id}", said)


async def _choices(db: Db, who: Principal) -> dict[str, Any]:
    found = await orgs.branches(db, limit=100)
    return {
        "cars": await queries.cars(db, within=who.branch_id),
        "branches": found.items if who.branch_id is None else [],
    }


ROUTES: list[Any] = [create_reply, create_note, show_details, update_details, show_new_lead, create_lead]
