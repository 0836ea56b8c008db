"""What other hours would do to open leads."""

from litestar import post
from litestar.params import JSONBody

from app.core.asks import WithDb
from app.leads import service
from app.sla import service as sla
from app.sla.schemas import Moved, PlanForm


@post("/sla/preview", access="org:sla.change", status_code=200)
async def preview_hours(db: WithDb, data: JSONBody[PlanForm]) -> list[Moved]:
    """Every running deadline the change would move, the one due first at the top. Nothing is changed."""
    return await service.preview(db, await sla.plan(db, data))


ROUTES = (preview_hours,)
