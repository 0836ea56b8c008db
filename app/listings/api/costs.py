"""JSON of what a car has cost: for owners, managers and finance."""

from litestar import get, put
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.listings import queries, service
from app.listings.schemas import CostSheetForm, CostSheetPage


@get("/listings/{listing_id:uuid}/costs", access="org:listing_cost.read")
async def show_costs(db: WithDb, listing_id: FromPath[Id]) -> CostSheetPage:
    """Every cost of one of your own cars, and the margin they leave."""
    return await queries.costs(db, listing_id)


@put("/listings/{listing_id:uuid}/costs", access="org:listing_cost.change")
async def update_costs(db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[CostSheetForm]) -> CostSheetPage:
    """The whole sheet; 412 when somebody wrote it meanwhile."""
    await service.write_costs(db, who, listing_id, data)
    await db.flush()
    return await queries.costs(db, listing_id)


ROUTES = (show_costs, update_costs)
