"""What other hours would do to open leads."""

from litestar import post
from litestar.params import JSONBody

from app.core.asks import Who, WithDb
from app.leads import service
from app.sla import service as sla
from app.sla.schemas import Moved, PlanForm


@post("/sla/preview", access="org:sla.change", status_code=200)
async def preview_hours(db: WithDb, who: Who, data: JSONBody[PlanForm]) -> list[Moved]:
    """Every running deadline the change would move, the one due first at the top; of the leads one may see. Nothing is
    changed."""
    moved = await service.preview(db, await sla.plan(db, data))
    return [one for one in moved if who.branch_id in (None, one.branch_id)]


ROUTES = (preview_hours,)
