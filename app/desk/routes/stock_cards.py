"""Cards for windscreens: of one car, or of those ticked on the list, to be printed."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.accounts.schemas import Lang
from app.core import render
from app.core.asks import WithDb
from app.core.base import Db
from app.core.i18n import _
from app.core.ids import Id
from app.desk import windshield
from app.desk.routes.stock_batches import ManyData, ids_of
from app.listings.errors import ListingGone

_PAGE = "desk/stock/cards.html"
Spoken = Annotated[Lang | None, QueryParameter(name="lang", description="Of the card; else the reader's own.")]
Picked = Annotated[list[UUID], QueryParameter(name="ids", min_items=1, max_items=windshield.MOST)]

Asking = Request[Any, Any, Any]


@get("/desk/stock/{listing_id:uuid}/card", access="org:listing.read")
async def show_card(request: Asking, db: WithDb, listing_id: FromPath[UUID], lang: Spoken = None) -> Response[Any]:
    return await _page(request, db, [listing_id], lang)


@get("/desk/stock/cards", access="org:listing.read")
async def show_cards(request: Asking, db: WithDb, ids: Picked, lang: Spoken = None) -> Response[Any]:
    return await _page(request, db, ids, lang)


@post("/desk/stock/cards", access="org:listing.read", status_code=303)
async def create_cards(db: WithDb, data: ManyData) -> Response[Any]:
    """On to an address of their own, which can be printed again. More than a packet of paper is not meant."""
    ids = await ids_of(db, data)
    if not ids:
        return render.redirect("/desk/stock", _("Tick the cars first."), "warn")
    few = ids[: windshield.MOST]
    told = _("Only the first %(n)s cars: print the others after them.", n=len(few)) if few != ids else None
    return render.redirect(f"/desk/stock/cards?{_query(few)}", told, "warn")


async def _page(request: Asking, db: Db, ids: list[Id], lang: Lang | None) -> Response[Any]:
    """Raises ListingGone where none of them is ours."""
    spoken = lang or render.choices(request).lang
    cards = await windshield.cards(db, ids, spoken)
    if not cards:
        raise ListingGone
    alone = request.scope["path"].endswith("/card")
    query = "" if alone else _query([one.car.id for one in cards]) + "&"
    return render.page(_PAGE, cards=cards, alone=alone, again=f"{request.scope['path']}?{query}lang=").spoken(spoken)


def _query(ids: list[Id]) -> str:
    return urlencode([("ids", str(one)) for one in ids])


ROUTES: list[Any] = [show_card, show_cards, create_cards]
