"""JSON of what a buyer does instead of writing: asks for the number, or goes on to WhatsApp. Each is a lead."""

from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import FromPath, QueryParameter

from app.accounts.schemas import Lang
from app.core import devices
from app.core.asks import AnyRequest, OnDevice, WithDb
from app.core.base import Db
from app.core.devices import Device
from app.core.errors import NotFound
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.leads import queries, service
from app.leads.schemas import ChatLink, Receipt, Revealed
from app.listings import queries as listings

Reads = Annotated[Lang, QueryParameter(name="lang", description="What the buyer reads.")]


@post("/listings/{listing_id:uuid}/reveal", access="public", limit="lead", status_code=200)
async def reveal_phone(
    db: WithDb, device: OnDevice, request: Request[Any, Any, Any], listing_id: FromPath[Id], lang: Reads = "en"
) -> Response[Revealed]:
    """The seller's number, which listings show masked. Asking is a lead, the same one for the same X-Device-Id."""
    device = device if device.recognisable else devices.lasting(request)
    await _arrive(db, request, listing_id, device, source="call", lang=lang)
    ways = await queries.ways_to(db, listing_id)
    if ways.phone is None:
        raise NotFound
    return _answer(Revealed(ways.phone), device)


@post("/listings/{listing_id:uuid}/whatsapp", access="public", limit="lead", status_code=200)
async def open_whatsapp(
    db: WithDb, device: OnDevice, request: Request[Any, Any, Any], listing_id: FromPath[Id], lang: Reads = "en"
) -> Response[ChatLink]:
    """A link to the seller's chat with a first sentence about the car; asking for it is a lead, as `reveal` is."""
    device = device if device.recognisable else devices.lasting(request)
    await _arrive(db, request, listing_id, device, source="whatsapp", lang=lang)
    shown = await listings.public_listing_of(db, listing_id)
    return _answer(ChatLink(await queries.chat_of(db, shown, lang)), device)


async def _arrive(db: Db, request: AnyRequest, listing_id: Id, device: Device, **told: Any) -> None:
    """The lead, once for one Idempotency-Key. Raises NotFound, CarGone."""
    asked = await service.enquire(db, listing_id)
    enquiry = service.Enquiry(device=device.fingerprint, **told)

    async def make() -> Receipt:
        return await service.open_lead(db, asked, enquiry)

    await once(db, keyed(request, told), make)


def _answer(told: Any, device: Device) -> Response[Any]:
    return Response(told, cookies=[devices.cookie(device)], headers={"cache-control": "private, no-store"})


ROUTES = (reveal_phone, open_whatsapp)
