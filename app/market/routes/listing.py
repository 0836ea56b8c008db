"""The page of one car, with everything a buyer needs to ask about it."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from app.core import render
from app.core.asks import Visitor, WithDb
from app.core.base import Db
from app.core.ids import new_id
from app.listings import queries
from app.listings.schemas import PublicListing
from app.market import rules, seo
from app.market.routes.gone import is_over, show_gone
from app.market.routes.home import SHORT
from app.taxonomy import queries as taxonomy

Sent = Annotated[str | None, QueryParameter(name="sent", pattern=r"^[0-9A-Z]{6}$")]


@get(["/l/{address:str}", "/ur/l/{address:str}"], access="public", language="path")
async def show_car(
    request: Request[Any, Any, Any], db: WithDb, visitor: Visitor, address: FromPath[str], sent: Sent = None
) -> Response[Any]:
    """Under its one address: another ending moves there for good. What is gone says so and shows others.

    `sent` is the reference of an enquiry just made.
    """
    asked = rules.number_in(address)
    listing = await queries.public_listing_or_none(db, asked[0]) if asked else None
    if listing is None or is_over(listing):
        return await show_gone(request, db, asked[0] if asked else None)
    home = rules.home(render.choices(request).lang)
    if address != f"{listing.number}-{listing.slug}":
        query = request.scope["query_string"].decode("latin-1")  # a printed card says where its reader comes from
        return Response(b"", status_code=301, headers={"location": home + listing.url + (f"?{query}" if query else "")})
    headers = SHORT if visitor is None and sent is None else {"cache-control": "private, no-cache"}
    return render.page("market/listing.html", **await page_of(request, db, listing), sent=sent).sent(headers=headers)


async def page_of(request: Request[Any, Any, Any], db: Db, listing: PublicListing) -> dict[str, Any]:
    """What the page of this car shows beside what was just sent or revealed."""
    home = rules.home(render.choices(request).lang)
    listing = await queries.illustrated(db, listing)
    front = await queries.storefront(db, listing.org_id)
    return {
        "head": seo.of_listing(render.choices(request).lang, listing, front),
        "other_url": render.other_language(listing.url if not home else home + listing.url),
        "listing": listing,
        "front": front,
        "asked": await taxonomy.attributes(db, listing.category) if listing.category and listing.attributes else [],
        "drops": await queries.drops(db, listing),
        "similar": await queries.similar(db, listing),
        "key": new_id(),
        "home": home,
    }


ROUTES: list[Any] = [show_car]
