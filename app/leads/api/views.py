"""Saved views over JSON."""

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.leads import queries, service
from app.leads.schemas import ViewForm, ViewRow


@get("/lead-views", access="org:lead.read")
async def list_views(db: WithDb, who: Who) -> list[ViewRow]:
    """One's own and the team's, each with how many leads it shows now."""
    return await queries.views(db, who.person_id, within=who.branch_id)


@post("/lead-views", access="org:lead_view.save")
async def create_view(db: WithDb, who: Who, data: JSONBody[ViewForm]) -> ViewRow:
    view_id = await service.save_view(db, who, data)
    await db.flush()
    return await queries.view_row(db, view_id, who.person_id)


@delete("/lead-views/{view_id:uuid}", access="org:lead_view.save", status_code=204)
async def delete_view(db: WithDb, who: Who, view_id: FromPath[Id]) -> None:
    await service.remove_view(db, who, view_id)


ROUTES = (list_views, create_view, delete_view)
