"""The first page of each surface for those signed in: desk, garage, admin."""

from typing import Any

from litestar import Response, get

from app.audit import queries as audit
from app.audit.schemas import AuditFilter
from app.core import render
from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor
from app.core.security import may
from app.leads import queries as leads
from app.orgs import queries


@get("/desk", access="org:branch.read")
async def show_desk(db: WithDb, who: Who) -> Response[Any]:
    if who.org_kind != "dealer":
        return render.redirect("/start")
    members = await queries.members(db, masked=True, limit=100)
    branches = await queries.branches(db, limit=100)
    waiting = await queries.invitations(db, limit=100) if may(who.role, "invitation.read") else None
    return render.page(
        "desk/home.html",
        members=members.items,
        branches=branches.items,
        waiting=waiting.items if waiting else None,
        position=members.position,
    )


@get("/garage", access="person")
async def show_garage(who: Who) -> Response[Any]:
    return render.page("desk/garage.html", memberships=await queries.memberships_of(who.person_id))


@get("/admin", access="org:platform.read")
async def show_admin(db: WithDb) -> Response[Any]:
    return render.page("desk/admin.html", members=(await queries.members(db, limit=100)).items)


@get("/desk/activity", access="org:audit.read")
async def show_activity(db: WithDb, who: Who, cursor: QueryCursor = None) -> Response[Any]:
    """The audit trail in words; what happened to a lead names it."""
    found = await audit.records(db, AuditFilter(), cursor=cursor, limit=50)
    named = await leads.names_of(db, {row.entity_id for row in found.items}, within=who.branch_id)
    return render.page("desk/activity.html", records=found.items, next_cursor=found.next_cursor, leads=named)


ROUTES: list[Any] = [show_desk, show_garage, show_admin, show_activity]
