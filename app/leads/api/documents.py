"""Leads in the trade's XML (ADF 1.0): from a member's program, or from a provider by the org's secret link."""

from typing import Annotated, Any

from litestar import Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from app.core import error_handlers
from app.core.asks import AnyRequest, Who, WithDb
from app.core.base import Db, Scope
from app.core.errors import NotFound
from app.leads import queries, service
from app.leads.errors import DocumentUnreadable
from app.leads.rules.markup import MOST_BYTES
from app.leads.schemas import Delivery
from app.leads.service import Inlet

ToBranch = Annotated[str, QueryParameter(name="branch", max_length=63)]
_TAKES: dict[str, Any] = {
    "takes": ("application/x-adf+xml", "application/xml", "text/xml", "text/plain"),
    "body_limit": MOST_BYTES,
    "responses": {201: ResponseSpec(Delivery, generate_examples=False)},
}


@post("/leads/adf", access="org:lead.open", **_TAKES)
async def create_from_document(request: AnyRequest, db: WithDb, who: Who, branch: ToBranch = "") -> Response[Any]:
    """An ADF document's prospects become leads; 200 with the same answer when it has come before."""
    return await _received(request, db, await service.inlet_of(db, who, branch))


@post("/leads/adf/{token:str}", access="public", limit="intake", **_TAKES)
async def create_from_provider(request: AnyRequest, db: WithDb, token: FromPath[str]) -> Response[Any]:
    """The same by an org's secret link, for providers without an account."""
    door = await queries.door_of_token(token)
    if door is None:
        raise NotFound
    await db.rescope(Scope(org_id=door.org_id, request_id=db.scope.request_id))
    return await _received(request, db, Inlet(via="http", branch_id=door.branch_id))


async def _received(request: AnyRequest, db: Db, inlet: Inlet) -> Response[Any]:
    """A refusal is an answer, not an exception: what came is kept."""
    found = await service.receive(db, await request.body(), inlet)
    if not found.delivery.leads:
        return error_handlers.handle(request, DocumentUnreadable([fault.code for fault in found.delivery.refused]))
    return Response(found.delivery, status_code=201 if found.fresh else 200)


ROUTES = (create_from_document, create_from_provider)
