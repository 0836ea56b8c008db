"""Many cars changed as one: asked on the list, shown before, applied, taken back."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.errors import Invalid
from app.core.i18n import _, translate_plural
from app.core.ids import Id
from app.desk import stock_list
from app.desk.schemas import rupees
from app.listings import queries, rules, service
from app.listings.schemas import BatchAction, BatchForm, BatchPage, StockFilters
from app.orgs import queries as orgs
from app.outlets import queries as outlets

_AGAIN = "desk/stock/batch_again.html"
_PAGE = "desk/stock/batch.html"
ManyData = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]


@post("/desk/stock/batches", access="org:listing.change", status_code=303, **forms.again(_AGAIN))
async def create_batch(request: Request[Any, Any, Any], db: WithDb, who: Who, data: ManyData) -> Response[Any]:
    """On to the page that shows what would change."""
    given = {name: str(text) for name, text in data.items() if name != "ids"}
    ids = await ids_of(db, data)
    branches = (await orgs.branches(db, limit=100)).items if who.org_kind == "dealer" else []
    forms.filled(request, given, ids=ids, branches=branches)
    batch_id = await service.show_batch(db, who, BatchForm(ids=ids, action=_action(given)))
    return render.redirect(f"/desk/stock/batches/{batch_id}")


async def ids_of(db: Db, data: dict[str, Any]) -> list[Id]:
    """The ticked ones, or all that the list shows. Several come as a list, one alone."""
    if data.get("every"):
        asked = _filters(data.get("filters"))
        branch_id = await stock_list.branch_id_of(db, asked)
        return await queries.stock_ids(
            db, asked, status=stock_list.statuses(asked), branch_id=branch_id, limit=rules.MOST
        )
    given = data.get("ids", [])
    try:
        return msgspec.convert(given if isinstance(given, list) else [given], list[Id], strict=False)[: rules.MOST]
    except msgspec.ValidationError:
        return []


def _filters(text: Any) -> StockFilters:
    """Raises Invalid."""
    try:
        return msgspec.json.decode(str(text).encode(), type=StockFilters)
    except (msgspec.MsgspecError, ValueError):
        raise Invalid([{"field": "every", "message": _("This does not look right.")}]) from None


def _action(given: dict[str, str]) -> BatchAction:
    """`lower_percent` and its like say the sign. Raises Invalid."""
    kind, sign = given.get("kind", ""), -1 if given.get("kind", "").startswith("lower_") else 1
    wished: dict[str, Any] = {"kind": f"price_{kind.partition('_')[2]}" if "_" in kind else kind}
    match wished["kind"]:
        case "price_percent":
            wished["percent"] = sign * _percent(given.get("percent", ""))
        case "price_amount":
            wished["amount"] = sign * (rupees(given.get("amount"), "amount") or 0)
        case "price":
            wished["price"] = rupees(given.get("price"), "price")
        case "status":
            wished |= {"status": given.get("status"), "reason": given.get("reason", "").strip() or None}
        case "feeds":
            wished["in_feeds"] = given.get("in_feeds") == "yes"
        case "refresh":
            pass
        case _:
            wished[kind] = given.get(kind)
    try:
        return msgspec.convert(wished, BatchAction)
    except msgspec.ValidationError:
        field = "reason" if len(given.get("reason", "")) > 80 else kind.rpartition("_")[2] or "kind"
        raise Invalid([{"field": field, "message": _("This does not look right.")}]) from None


def _percent(said: str) -> float:
    """Raises Invalid."""
    try:
        found = float(said.replace("%", "").replace("٫", ".").strip())
    except ValueError:
        found = 0
    if not 0 < found <= 50:
        raise Invalid([{"field": "percent", "message": _("Between 0.1 and 50 percent.")}])
    return found


@get("/desk/stock/batches/{change_id:uuid}", access="org:listing.change")
async def show_batch(db: WithDb, change_id: FromPath[Id]) -> Response[Any]:
    return await _page(db, change_id)


async def _page(db: Db, change_id: Id) -> Response[Any]:
    batch = await queries.batch(db, change_id)
    names = {str(one.id): one.name for one in (await orgs.branches(db, limit=100)).items}
    return render.page(_PAGE, batch=batch, names=names, held_back=await _held_back(db, batch))


async def _held_back(db: Db, batch: BatchPage) -> dict[str, int]:
    """Why how many of those that are let out will not show all the same."""
    if batch.action.kind != "feeds" or not batch.action.in_feeds or batch.state == "undone":
        return {}
    return await outlets.held_back(db, [car.listing_id for car in batch.cars if car.skipped is None])


@post("/desk/stock/batches/{change_id:uuid}/application", access="org:listing.change", status_code=303)
async def create_application(
    request: Request[Any, Any, Any], db: WithDb, who: Who, change_id: FromPath[Id]
) -> Response[Any]:
    await service.apply_batch(db, who, change_id)
    return await _done(request, db, change_id, "%(n)s car changed.", "%(n)s cars changed.")


@post("/desk/stock/batches/{change_id:uuid}/undoing", access="org:listing.change", status_code=303)
async def create_undoing(
    request: Request[Any, Any, Any], db: WithDb, who: Who, change_id: FromPath[Id]
) -> Response[Any]:
    await service.undo_batch(db, who, change_id)
    return await _done(request, db, change_id, "%(n)s car is as before.", "%(n)s cars are as before.")


async def _done(request: Request[Any, Any, Any], db: Db, change_id: Id, one: str, many: str) -> Response[Any]:
    await db.flush()
    changes = (await queries.batch(db, change_id)).changes
    said = translate_plural(one, many, changes, render.choices(request).lang)
    return render.redirect(f"/desk/stock/batches/{change_id}", said)


ROUTES: list[Any] = [create_batch, show_batch, create_application, create_undoing]
