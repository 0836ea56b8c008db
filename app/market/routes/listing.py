"""The page of one car, with everything a buyer needs to ask about it."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from app.core import render
from app.core.asks import Visitor, WithDb
from app.core.base import Db
from app.core.bounds import PathInt
from app.core.errors import NotFound
from app.core.ids import new_id
from app.leads import service as leads
from app.leads.queries import ways_to
from app.listings import queries
from app.listings.rules import PORTALS
from app.listings.schemas import PublicListing
from app.market import rules, seo
from app.market.routes import passes
from app.market.routes.gone import is_over, show_gone
from app.market.routes.home import SHORT
from app.moderation.schemas import REASONS
from app.search import queries as search
from app.sla import queries as sla
from app.taxonomy import queries as taxonomy

PRIVATE = {"cache-control": "private, no-store"}
Sent = Annotated[str | None, QueryParameter(name="sent", pattern=r"^[0-9A-Z]{6}$")]
Reported = Annotated[bool, QueryParameter(name="reported")]
Call = Annotated[str | None, QueryParameter(name="call", max_length=200)]


@get(["/l/{address:str}", "/ur/l/{address:str}"], access="public", language="path")
async def show_car(
    request: Request[Any, Any, Any],
    db: WithDb,
    visitor: Visitor,
    address: FromPath[str],
    sent: Sent = None,
    reported: Reported = False,
    call: Call = None,
) -> Response[Any]:
    """Under its one address: another ending moves there for good. What is gone says so and shows others.

    `sent` is the reference of an enquiry just made, `reported` that the advert was just reported, `call` the pass to
    the seller's number.
    """
    asked = rules.number_in(address)
    listing = await queries.public_listing_or_none(db, asked[0]) if asked else None
    if listing is None or is_over(listing):
        return await show_gone(request, db, asked[0] if asked else None)
    home = rules.home(render.choices(request).lang)
    if address != f"{listing.number}-{listing.slug}":
        query = request.scope["query_string"].decode("latin-1")  # a printed card says where its reader comes from
        return Response(b"", status_code=301, headers={"location": home + listing.url + (f"?{query}" if query else "")})
    context = {**await page_of(request, db, listing), "sent": sent, "reported": reported}
    if phone := await _phone(db, listing, call):
        return render.page("market/listing.html", **context, revealed=phone).sent(headers=PRIVATE)
    plain = visitor is None and sent is None and not reported
    return render.page("market/listing.html", **context).sent(
        headers=SHORT if plain else {"cache-control": "private, no-cache"}
    )


async def _phone(db: Db, listing: PublicListing, given: str | None) -> str | None:
    """The whole number for whoever asked for it; a pass to another car, or one that is over, opens nothing."""
    if given is None or not listing.open:
        return None
    try:
        number, _until = passes.read("phone", given, tuple[int, int])
    except NotFound:
        return None
    if number != listing.number:
        return None
    await leads.enquire(db, listing.id)
    return (await ways_to(db, listing.id)).phone


@get(["/l/{number:int}/now", "/ur/l/{number:int}/now"], access="public", language="path")
async def show_now(request: Request[Any, Any, Any], db: WithDb, number: PathInt) -> Response[Any]:
    """Price and availability alone, for an open page that no socket reaches. The ETag is the car's own version."""
    listing = await queries.public_listing(db, number)
    etag = f'W/"{listing.version}-{render.reads(request)}"'
    headers = {"etag": etag, "cache-control": "public, max-age=5", "vary": "cookie"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    drops = await queries.drops(db, listing)
    return render.page("listings/_offer.html", listing=listing, drops=drops).sent(headers=headers)


async def page_of(request: Request[Any, Any, Any], db: Db, listing: PublicListing) -> dict[str, Any]:
    """What the page of this car shows beside what was just sent or revealed."""
    home = rules.home(render.choices(request).lang)
    listing = await queries.illustrated(db, listing)
    front = await queries.storefront(db, listing.org_id)
    doors = await sla.doors(db, listing.org_id, listing.branch_id) if listing.branch_id else None
    seller = seo.dealer(listing, front, doors, await search.spot(db, listing.city) if listing.city else None)
    return {
        "head": seo.of_listing(render.choices(request).lang, listing, seller),
        "other_url": render.other_language(listing.url if not home else home + listing.url),
        "listing": listing,
        "front": front,
        "doors": doors,
        "province": await taxonomy.province_of(db, listing.registered_in) if listing.registered_in else None,
        "portals": PORTALS,
        "reasons": REASONS,
        "asked": await taxonomy.attributes(db, listing.category) if listing.category and listing.attributes else [],
        "drops": await queries.drops(db, listing),
        "similar": await search.similar(db, listing),
        "key": new_id(),
        "home": home,
    }


ROUTES: list[Any] = [show_car, show_now]
