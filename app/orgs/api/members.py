"""JSON of the org's members, called users."""

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit, QueryText
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.core.paging import Page
from app.orgs import queries, rules, service
from app.orgs.schemas import MemberPatch, MemberRow, UserForm


@get("/users", access="org:member.read")
async def list_users(
    db: WithDb,
    who: Who,
    q: QueryText = "",
    branch: FromQuery[Id | None] = None,
    cursor: QueryCursor = None,
    limit: QueryLimit = 50,
) -> Page[MemberRow]:
    return await queries.members(db, q=q, branch_id=branch, masked=rules.masked(who.role), cursor=cursor, limit=limit)


@post("/users", access="org:member.add", responses={201: ResponseSpec(MemberRow, generate_examples=False)})
async def create_user(
    db: WithDb, data: JSONBody[UserForm], who: Who, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """A new person with a first password, member at once. Whoever has an account is invited instead."""

    async def make() -> MemberRow:
        return await queries.member_row(db, await service.add_user(db, who, data))

    return await once(db, keyed(request, data), make)


@get("/users/{user_id:uuid}", access="org:member.read")
async def show_user(db: WithDb, user_id: FromPath[Id], who: Who) -> MemberRow:
    return await queries.member_row(db, user_id, masked=rules.masked(who.role))


@patch("/users/{user_id:uuid}", access="org:member.change")
async def update_user(db: WithDb, user_id: FromPath[Id], data: JSONBody[MemberPatch], who: Who) -> MemberRow:
    """Role, branch or status."""
    await service.change_member(db, who, user_id, data)
    return await queries.member_row(db, user_id)


@delete("/users/{user_id:uuid}", access="org:member.remove", status_code=204)
async def delete_user(db: WithDb, user_id: FromPath[Id], who: Who) -> None:
    """Takes the person out of the org; their account stays theirs."""
    await service.remove_member(db, who, user_id)


@delete("/users/{user_id:uuid}/sessions", access="org:member.change", status_code=204)
async def delete_user_sessions(db: WithDb, user_id: FromPath[Id], who: Who) -> None:
    """Signs a member out of this org everywhere."""
    await service.end_member_sessions(db, who, user_id)


ROUTES = (list_users, create_user, show_user, update_user, delete_user, delete_user_sessions)
