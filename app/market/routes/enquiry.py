"""What the public sends from a car's page: a question, a click on WhatsApp, a wish to see the number; all are leads."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import structs

from app.accounts.schemas import Email, Line, Name, Phone
from app.core import clock, devices, forms, render
from app.core.asks import WithDb
from app.core.base import Db
from app.core.bounds import Input, PathInt
from app.core.forms import FormData
from app.core.idempotency import Keyed, keyed, once
from app.core.ids import Id
from app.leads import queries, rules, service
from app.leads.schemas import Message, Receipt
from app.listings import queries as listings
from app.listings.schemas import PublicListing
from app.market.routes import passes
from app.market.routes.listing import PRIVATE, page_of
from app.market.routes.seen import led
from app.market.rules import home

_AT_LEAST = timedelta(seconds=2)

Asking = Request[Any, Any, Any]


class EnquiryForm(Input, frozen=True, kw_only=True):
    """`website` is a trap: nobody sees the field. The page's address tells the language, not `lang`."""

    name: Name
    phone: Phone
    email: Email | None = None
    message: Message = ""
    website: Line = ""
    lang: Line = ""


@post(
    ["/l/{number:int}/enquiry", "/ur/l/{number:int}/enquiry"],
    access="public", limit="lead", language="path", status_code=303, **forms.again("market/listing.html"),
)  # fmt: skip
async def create_enquiry(request: Asking, db: WithDb, number: PathInt, data: FormData) -> Response[Any]:
    """Suspected robots are told the same; what they send is kept as spam."""
    shown = await listings.public_listing(db, number)
    form = forms.read(EnquiryForm, forms.filled(request, data, **await page_of(request, db, shown)), phone=service.e164)
    device = devices.lasting(request)
    made = await _arrive(
        request, db, shown, device, source="web", name=form.name, phone=form.phone, email=form.email,
        message=form.message, suspicion=rules.TRAPPED if form.website else too_quick(request),
    )  # fmt: skip
    page = render.redirect(f"{home(render.choices(request).lang)}{shown.url}?sent={made.ref}#enquiry")
    return _remember(page, device)


@post(
    ["/l/{number:int}/whatsapp", "/ur/l/{number:int}/whatsapp"],
    access="public", limit="lead", language="path", status_code=200, **forms.again("market/listing.html"),
)  # fmt: skip
async def create_whatsapp_click(request: Asking, db: WithDb, number: PathInt) -> Response[Any]:
    """A page that goes on to WhatsApp by itself: a form may not lead to another site (CSP form-action)."""
    shown = await listings.public_listing(db, number)
    forms.keep(request, **await page_of(request, db, shown))
    device = devices.lasting(request)
    await _arrive(request, db, shown, device, source="whatsapp")
    lang = render.choices(request).lang
    go = f"/go/wa/{passes.issue('whatsapp', shown.number, lang)}"
    page = render.page("market/to_whatsapp.html", listing=shown, go=go, home=home(lang))
    return _remember(page.sent(headers=PRIVATE), device)


@get("/go/wa/{token:str}", access="public", status_code=302)
async def show_whatsapp(db: WithDb, token: FromPath[str]) -> Response[bytes]:
    """On to the seller's chat with a first sentence about this car. Raises NotFound for a token that is not ours."""
    number, lang, _until = passes.read("whatsapp", token, tuple[int, str, int])
    shown = await listings.public_listing(db, number)
    await service.enquire(db, shown.id)
    chat = await queries.chat_of(db, shown, lang)
    return Response(b"", status_code=302, headers={"location": chat, **PRIVATE})


@post(
    ["/l/{number:int}/phone", "/ur/l/{number:int}/phone"],
    access="public", limit="lead", language="path", status_code=303, **forms.again("market/listing.html"),
)  # fmt: skip
async def create_reveal(request: Asking, db: WithDb, number: PathInt) -> Response[Any]:
    """On to the page with the whole number; who asked is a lead of that browser, and reloading asks nothing again."""
    shown = await listings.public_listing(db, number)
    forms.keep(request, **await page_of(request, db, shown))
    device = devices.lasting(request)
    await _arrive(request, db, shown, device, source="call")
    page = render.redirect(
        f"{home(render.choices(request).lang)}{shown.url}?call={passes.issue('phone', number)}#seller"
    )
    page.headers.update(PRIVATE)
    return _remember(page, device)


_ASKED = tuple(f"{lang}/l/{{number:int}}/{what}" for lang in ("", "/ur") for what in ("enquiry", "whatsapp", "phone"))


@get(list(_ASKED), access="public", language="path", status_code=303)
async def show_asked(request: Asking, number: PathInt) -> Response[bytes]:
    """Where a form was sent stays in the address bar: opened again, it is the car's page."""
    return render.redirect(f"{home(render.choices(request).lang)}/l/{number}")


async def _arrive(request: Asking, db: Db, shown: PublicListing, device: devices.Device, **told: Any) -> Receipt:
    """The lead, once for one and the same press of a button."""
    asked = await service.enquire(db, shown.id)
    enquiry = service.Enquiry(lang=render.choices(request).lang, device=device.fingerprint, **told)

    async def make() -> Receipt:
        made = await service.open_lead(db, asked, enquiry)
        if enquiry.suspicion is None:
            led(request, enquiry.source, shown.number)
        return made

    answer = await once(db, _keyed(request, enquiry), make)
    return msgspec.json.decode(answer.content, type=Receipt)


def _keyed(request: Asking, enquiry: service.Enquiry) -> Keyed | None:
    """A page kept by a cache gives many people one key: what they send belongs to it."""
    given = keyed(request, structs.asdict(enquiry))
    if given is None:
        return None
    return Keyed(hashlib.sha256(given.key.encode() + given.request_hash).hexdigest(), given.request_hash)


def too_quick(request: Asking) -> str | None:
    """Why its sender seems no person: the form's key is a UUIDv7, which tells when the page was made."""
    try:
        made = Id(request.scope["state"].get("idempotency_key") or "")
    except ValueError:
        return rules.PAGELESS
    at = datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    return rules.QUICK if clock.now() - at < _AT_LEAST else None


def _remember(page: Response[Any], device: devices.Device) -> Response[Any]:
    """So that the next question of this browser joins this one."""
    page.cookies.append(devices.cookie(device))
    return page


ROUTES: list[Any] = [create_enquiry, create_whatsapp_click, show_whatsapp, create_reveal, show_asked]
