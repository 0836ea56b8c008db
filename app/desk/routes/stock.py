"""The page of one car of ours: made, edited, moved on."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.analytics import queries as analytics
from app.analytics.rules import today
from app.core import clock, forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import clean_text
from app.core.errors import Forbidden, NotFound
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal, may
from app.desk import meanwhile
from app.desk.routes import photos
from app.desk.schemas import StockForm, attributes_in, changed_listing, new_listing, plain, rupees
from app.listings import queries, rules, service
from app.listings.schemas import ListingCard
from app.orgs import queries as orgs
from app.taxonomy import queries as taxonomy
from app.taxonomy.schemas import AttributeRow

_EDIT = "desk/stock/edit.html"


@get("/desk/stock/new", access="org:listing.create")
async def show_new_car(db: WithDb, who: Who) -> Response[Any]:
    return render.page(_EDIT, **await _choices(db, who, None), form=forms.EMPTY)


@post("/desk/stock", access="org:listing.create", status_code=303, **forms.again(_EDIT))
async def create_car(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    context = await _choices(db, who, None, data.get("category"))
    forms.filled(request, data, **context)
    said = attributes_in(data, [one.key for one in context["asked"]])
    made = await service.create_listing(db, who, new_listing(forms.read(StockForm, plain(data)), said))
    return render.redirect(f"/desk/stock/{made}", _("Saved as a draft. Publish it to show it."))


@get("/desk/stock/{listing_id:uuid}", access="org:listing.read")
async def show_car(db: WithDb, who: Who, listing_id: FromPath[UUID]) -> Response[Any]:
    context = await _choices(db, who, listing_id)
    return render.page(_EDIT, **context, form=forms.Form(values=context["saved"]))


@post("/desk/stock/{listing_id:uuid}", access="org:listing.change", status_code=303, **forms.again(_EDIT))
async def update_car(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    """Saved, and published with `then=live`: both or neither."""
    then, base = data.pop("then", ""), data.pop("base", "")
    context = await _choices(db, who, listing_id, data.get("category"))
    forms.filled(request, data, **context, differences=meanwhile.differences(base, data, context["saved"]))
    said = attributes_in(data, [one.key for one in context["asked"]])
    patch = changed_listing(forms.read(StockForm, plain(data)), data, said, context["saved"])
    await service.change_listing(db, who, listing_id, patch)
    if then != "live":
        return render.redirect(f"/desk/stock/{listing_id}", _("Saved."))
    if not may(who.role, "listing.publish"):
        raise Forbidden
    await service.publish_listing(db, who, listing_id)
    return render.redirect(f"/desk/stock/{listing_id}", _("Saved and published."))


Move = tuple[Callable[..., Awaitable[None]], str]
_SOLD: dict[str, Move] = {
    "reserved": (service.reserve_listing, _("Reserved. It has left the searches.")),
    "sold": (service.sell_listing, _("Sold. Well done.")),
    "live": (service.release_listing, _("It is on the market again.")),
}
_PUBLISHED: dict[str, Move] = {
    "live": (service.publish_listing, _("Published.")),
    "draft": (service.unpublish_listing, _("Taken back. Nobody else sees it now.")),
}
_PUT_AWAY: dict[str, Move] = {
    "archived": (service.archive_listing, _("Put away.")),
    "deleted": (service.delete_listing, _("Deleted.")),
}


@post("/desk/stock/{listing_id:uuid}/sale", access="org:listing.sell", status_code=303, **forms.again(_EDIT))
async def update_sale(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    return await _moved(request, db, who, listing_id, _SOLD, data)


@post("/desk/stock/{listing_id:uuid}/publication", access="org:listing.publish", status_code=303, **forms.again(_EDIT))
async def update_publication(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    return await _moved(request, db, who, listing_id, _PUBLISHED, data)


@post("/desk/stock/{listing_id:uuid}/storage", access="org:listing.archive", status_code=303, **forms.again(_EDIT))
async def update_storage(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    return await _moved(request, db, who, listing_id, _PUT_AWAY, data)


async def _moved(
    request: Request[Any, Any, Any],
    db: Db,
    who: Principal,
    listing_id: Id,
    moves: dict[str, Move],
    data: dict[str, str],
) -> Response[Any]:
    """Raises NotFound for a move there is not."""
    context = await _choices(db, who, listing_id)
    forms.keep(request, **context)
    sold_price = data.get("sold_price", "")
    request.scope["state"]["form_values"] = {**context["saved"], "sold_price": sold_price}
    if data.get("to") not in moves:
        raise NotFound
    move, said = moves[data["to"]]
    await move(db, who, listing_id, **_told(data))
    return render.redirect("/desk/stock" if moves is _PUT_AWAY else f"/desk/stock/{listing_id}", said)


def _told(data: dict[str, str]) -> dict[str, Any]:
    """Why, in one's own words or as a code, and what it went for. Raises Invalid."""
    if data["to"] not in ("reserved", "sold", "archived", "draft"):
        return {}
    reason = clean_text(data.get("words", "") or data.get("reason", ""))[:80]
    price = rupees(data.get("sold_price"), "sold_price") if data["to"] == "sold" else None
    told = {"reason": reason or None, "sold_price": price}
    return {name: value for name, value in told.items() if value is not None}


async def _choices(db: Db, who: Principal, listing_id: Id | None, category: str | None = None) -> dict[str, Any]:
    """The car, if there is one, and what can be chosen for it."""
    car = await queries.card(db, listing_id) if listing_id else None
    leaves = [one for one in await taxonomy.categories(db) if one.is_leaf]
    chosen = category or (car.category if car else None) or service.USUAL
    asked = await taxonomy.attributes(db, chosen) if chosen in {one.slug for one in leaves} else []
    saved = _values(car, asked) if car else {}
    return {
        "car": car,
        "saved": saved,
        "base": meanwhile.seen(saved),
        "asked": asked,
        "categories": leaves,
        "chosen": chosen,
        "kinds": await queries.kinds(db),
        "trims": await queries.trims(db, f"{car.make}/{car.model}") if car else [],
        "cities": await queries.cities(db),
        "branches": (await orgs.branches(db, limit=100)).items if who.org_kind == "dealer" else [],
        "own_branch": who.branch_slug,
        "prices": await queries.prices(db, listing_id) if listing_id else [],
        "costs": await queries.costs(db, listing_id) if listing_id and may(who.role, "listing_cost.read") else None,
        "reach": await analytics.reach(db, listing_id, today(clock.now())) if listing_id else None,
        "twins": await queries.twins(db, listing_id) if listing_id else [],
        "may_refresh": car is not None and _may_refresh(car),
        "latest_year": clock.now().year + 1,
        "token_months": rules.token_months(clock.now().year, car.token_paid_to if car else None),
        **(await photos.region(db, listing_id) if listing_id else {}),
        "can": {name: may(who.role, f"listing.{name}") for name in ("change", "publish", "sell", "archive")},
    }


def _may_refresh(car: ListingCard) -> bool:
    last = car.refreshed_at or car.published_at
    return last is None or clock.now() - last >= rules.REFRESH_EVERY


def _values(car: ListingCard, asked: Sequence[AttributeRow]) -> dict[str, str]:
    """What the form shows of the car as it is."""
    names = (
        "variant", "year", "odometer_km", "city", "branch", "title", "description", "registered_in", "engine_cc",
        "fuel", "transmission", "body", "colour", "assembly", "import_year", "auction_grade", "token_paid_to",
        "documents", "paint", "condition", "visibility", "channel", "stock_number", "category", "version",
    )  # fmt: skip
    values = {name: "" if getattr(car, name) is None else str(getattr(car, name)) for name in names}
    price = "" if car.asking_price is None else f"{car.asking_price:,}"
    said = {f"attr.{one.key}": _said(car.attributes.get(one.key)) for one in asked}
    values["in_feeds"] = "yes" if car.in_feeds else "no"
    return {**values, **said, "car": f"{car.make}/{car.model}" if car.make and car.model else "", "price": price}


def _said(value: str | float | bool | None) -> str:
    """As the form's own choices write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, int | float) else value


ROUTES: list[Any] = [
    show_new_car, create_car, show_car, update_car, update_sale, update_publication,
    update_storage,
]  # fmt: skip
