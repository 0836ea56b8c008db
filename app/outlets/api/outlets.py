"""Outlets over JSON: listed, opened, changed, given a new address, closed."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.paging import Page
from app.outlets import queries, service
from app.outlets.schemas import LeftOut, OutletForm, OutletPatch, OutletRow


@get("/outlets", access="org:outlet.read")
async def list_outlets(db: WithDb, who: Who) -> list[OutletRow]:
    """Each with its secret address and with how many cars are in it now. A car goes out once it is `in_feeds`."""
    return await queries.outlets(db, within=who.branch_id)


@post("/outlets", access="org:outlet.change")
async def create_outlet(db: WithDb, who: Who, data: JSONBody[OutletForm]) -> OutletRow:
    """`meta_csv` is Meta's catalogue of vehicles; `csv`, `json` and `xml` are for anybody."""
    made = await service.open_outlet(db, who, data)
    await db.flush()
    return await queries.outlet(db, made, within=who.branch_id)


@get("/outlets/{outlet_id:uuid}", access="org:outlet.read")
async def show_outlet(db: WithDb, who: Who, outlet_id: FromPath[UUID]) -> OutletRow:
    return await queries.outlet(db, outlet_id, within=who.branch_id)


@patch("/outlets/{outlet_id:uuid}", access="org:outlet.change")
async def update_outlet(db: WithDb, who: Who, outlet_id: FromPath[UUID], data: JSONBody[OutletPatch]) -> OutletRow:
    """Its name and its branch. For another kind of feed make another outlet."""
    await service.change_outlet(db, who, outlet_id, data)
    await db.flush()
    return await queries.outlet(db, outlet_id, within=who.branch_id)


@post("/outlets/{outlet_id:uuid}/address", access="org:outlet.change", status_code=200)
async def create_address(db: WithDb, who: Who, outlet_id: FromPath[UUID]) -> OutletRow:
    """A new one; the old one stops working at once."""
    await service.renew_outlet(db, who, outlet_id)
    await db.flush()
    return await queries.outlet(db, outlet_id, within=who.branch_id)


@delete("/outlets/{outlet_id:uuid}", access="org:outlet.change", status_code=204)
async def delete_outlet(db: WithDb, who: Who, outlet_id: FromPath[UUID]) -> None:
    """Its address stops working at once."""
    await service.close_outlet(db, who, outlet_id)


@get("/outlets/{outlet_id:uuid}/left-out", access="org:outlet.read")
async def list_left_out(
    db: WithDb, who: Who, outlet_id: FromPath[UUID], cursor: QueryCursor = None, limit: QueryLimit = 50
) -> Page[LeftOut]:
    """Cars that are `in_feeds` and yet not in this one, each with why."""
    return await queries.left_out(db, outlet_id, within=who.branch_id, cursor=cursor, limit=limit)


ROUTES = (
    list_outlets, create_outlet, show_outlet, update_outlet, create_address, delete_outlet, list_left_out,
)  # fmt: skip
