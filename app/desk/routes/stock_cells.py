"""Price, kilometres and state, changed where they stand in the list."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, PathParameter

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import Input
from app.core.errors import Forbidden
from app.core.forms import FormData
from app.core.security import Principal, may
from app.desk.schemas import rupees
from app.listings import queries, rules, service
from app.listings.errors import MoveNotAllowed, Stale
from app.listings.schemas import Kilometres, ListingPatch, StockRow

_FORM, _CELL = "listings/_cell_form.html", "listings/_cell.html"
_RIGHTS = {"live": "publish", "draft": "publish", "reserved": "sell", "sold": "sell", "archived": "archive"}
Cell = Annotated[str, PathParameter(pattern="^(price|km|status)$")]


class KilometresForm(Input, frozen=True, kw_only=True):
    value: Kilometres


@get("/desk/stock/{listing_id:uuid}/cells/{cell:str}", access="org:listing.change")
async def show_cell_form(db: WithDb, who: Who, listing_id: FromPath[UUID], cell: Cell) -> Response[Any]:
    car = await queries.row(db, listing_id)
    return render.page(_FORM, **_context(who, car, cell), form=forms.EMPTY)


@get("/desk/stock/{listing_id:uuid}/cells/{cell:str}/value", access="org:listing.read")
async def show_cell(db: WithDb, listing_id: FromPath[UUID], cell: Cell) -> Response[Any]:
    """As it is now: what a push may have passed over while somebody typed."""
    return render.page(_CELL, car=await queries.row(db, listing_id), name=cell)


@post(
    "/desk/stock/{listing_id:uuid}/cells/{cell:str}", access="org:listing.change", status_code=200, **forms.again(_FORM)
)
async def update_cell(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID], cell: Cell, data: FormData
) -> Response[Any]:
    """Refused where the cell has changed since it was opened; saving again then puts one's own in its place."""
    car = await queries.row(db, listing_id)
    stale = data.pop("was", "") != _value(car, cell)
    forms.filled(request, data, **_context(who, car, cell) | {"stale": stale})
    if stale:
        raise Stale
    await _changes(db, who, car, cell, data)
    await db.flush()
    return render.page(_CELL, car=await queries.row(db, listing_id), name=cell)


async def _changes(db: Db, who: Principal, car: StockRow, cell: str, data: dict[str, str]) -> None:
    if cell == "price":
        price = rupees(data.get("value"), "value")
        return await service.change_listing(db, who, car.id, ListingPatch(asking_price=price), version=car.version)
    if cell == "km":
        said = data.get("value", "").lower().removesuffix("km").replace(",", "").strip()
        patch = ListingPatch(odometer_km=forms.read(KilometresForm, {"value": said}).value)
        return await service.change_listing(db, who, car.id, patch, version=car.version)
    return await _moved(db, who, car, data.get("value", ""))


async def _moved(db: Db, who: Principal, car: StockRow, to: str) -> None:
    """Raises Forbidden, MoveNotAllowed and whatever the move refuses."""
    if to == car.status:
        return
    if to not in _RIGHTS:
        raise MoveNotAllowed
    if not may(who.role, f"listing.{_RIGHTS[to]}"):
        raise Forbidden
    released = to == "live" and car.status in ("reserved", "sold")
    moves = {
        "live": service.release_listing if released else service.publish_listing, "draft": service.unpublish_listing,
        "reserved": service.reserve_listing, "sold": service.sell_listing, "archived": service.archive_listing,
    }  # fmt: skip
    await moves[to](db, who, car.id, version=car.version)


def _context(who: Principal, car: StockRow, cell: str) -> dict[str, Any]:
    moves = [
        to for to, right in _RIGHTS.items() if rules.may_move(car.status, to) and may(who.role, f"listing.{right}")
    ]
    return {"car": car, "name": cell, "was": _value(car, cell), "moves": [car.status, *moves], "stale": False}


def _value(car: StockRow, cell: str) -> str:
    if cell == "price":
        return "" if car.asking_price is None else f"{car.asking_price:,}"
    if cell == "km":
        return "" if car.odometer_km is None else f"{car.odometer_km:,}"
    return car.status


ROUTES: list[Any] = [show_cell_form, show_cell, update_cell]
