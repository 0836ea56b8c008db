"""JSON of the org's branches."""

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.core.paging import Page
from app.orgs import queries, service
from app.orgs.schemas import BranchForm, BranchPatch, BranchRow


@get("/branches", access="org:branch.read")
async def list_branches(
    db: WithDb, archived: FromQuery[bool] = False, cursor: QueryCursor = None, limit: QueryLimit = 50
) -> Page[BranchRow]:
    return await queries.branches(db, archived=archived, cursor=cursor, limit=limit)


@post("/branches", access="org:branch.open", responses={201: ResponseSpec(BranchRow, generate_examples=False)})
async def create_branch(
    db: WithDb, data: JSONBody[BranchForm], who: Who, request: Request[Any, Any, Any]
) -> Response[bytes]:
    async def make() -> BranchRow:
        return await queries.branch_row(db, await service.open_branch(db, who.org_id, data))

    return await once(db, keyed(request, data), make)


@get("/branches/{branch_id:uuid}", access="org:branch.read")
async def show_branch(db: WithDb, branch_id: FromPath[Id]) -> BranchRow:
    return await queries.branch_row(db, branch_id)


@patch("/branches/{branch_id:uuid}", access="org:branch.change")
async def update_branch(db: WithDb, branch_id: FromPath[Id], data: JSONBody[BranchPatch]) -> BranchRow:
    await service.change_branch(db, branch_id, data)
    return await queries.branch_row(db, branch_id)


@delete("/branches/{branch_id:uuid}", access="org:branch.close", status_code=204)
async def delete_branch(db: WithDb, branch_id: FromPath[Id]) -> None:
    """Closes the branch; what happened in it stays."""
    await service.close_branch(db, branch_id)


ROUTES = (list_branches, create_branch, show_branch, update_branch, delete_branch)
