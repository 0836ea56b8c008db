"""JSON of the audit trail."""

from litestar import Router, get
from litestar.params import FromQuery

from app.audit import queries
from app.audit.schemas import AuditFilter, AuditRow, Verdict
from app.core.asks import WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.ids import Id
from app.core.paging import Page


@get("/audit", access="org:audit.read")
async def list_audit(
    db: WithDb,
    action: FromQuery[str | None] = None,
    entity: FromQuery[str | None] = None,
    entity_id: FromQuery[Id | None] = None,
    actor: FromQuery[Id | None] = None,
    cursor: QueryCursor = None,
    limit: QueryLimit = 50,
) -> Page[AuditRow]:
    """Who changed what, the latest first."""
    return await queries.records(db, AuditFilter(action, entity, entity_id, actor), cursor=cursor, limit=limit)


@get("/audit/verdict", access="org:audit.verify")
async def show_verdict(db: WithDb) -> Verdict:
    """Computes the hash chain again and says whether it holds."""
    return await queries.verify(db)


ROUTES = Router("/", tags=["audit"], route_handlers=[list_audit, show_verdict])
