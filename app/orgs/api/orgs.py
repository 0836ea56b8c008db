"""JSON of orgs. Only the org one acts in is there; any other id is a missing one."""

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit, QueryText
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.paging import Page
from app.orgs import queries, rules, service
from app.orgs.schemas import MemberRow, MembershipRow, OrgCard, OrgForm, OrgPatch


@get("/orgs", access="person")
async def list_orgs(who: Who) -> Page[MembershipRow]:
    """My orgs, with my role in each."""
    return Page(await queries.memberships_of(who.person_id, acting_in=who.org_id))


@post("/orgs", access="person")
async def create_org(db: WithDb, data: JSONBody[OrgForm], who: Who) -> OrgCard:
    """A new dealership of which I am the owner."""
    org_id = await service.create_org(db, who.person_id, data)
    return await queries.org_card(db, org_id)


@get("/orgs/{org_id:uuid}", access="org:org.read")
async def show_org(db: WithDb, org_id: FromPath[Id]) -> OrgCard:
    return await queries.org_card(db, org_id)


@patch("/orgs/{org_id:uuid}", access="org:org.change")
async def update_org(db: WithDb, org_id: FromPath[Id], data: JSONBody[OrgPatch]) -> OrgCard:
    await service.change_org(db, org_id, data)
    return await queries.org_card(db, org_id)


@delete("/orgs/{org_id:uuid}", access="org:org.close", status_code=204)
async def delete_org(db: WithDb, org_id: FromPath[Id]) -> None:
    """Closes the org: everybody acting in it is signed out."""
    await service.close_org(db, org_id)


@get("/orgs/{org_id:uuid}/users", access="org:member.read")
async def list_org_users(
    db: WithDb, org_id: FromPath[Id], who: Who, q: QueryText = "", cursor: QueryCursor = None, limit: QueryLimit = 50
) -> Page[MemberRow]:
    org = await queries.org_card(db, org_id)
    if org.id != who.org_id:
        raise NotFound
    return await queries.members(db, q=q, masked=rules.masked(who.role), cursor=cursor, limit=limit)


ROUTES = (list_orgs, create_org, show_org, update_org, delete_org, list_org_users)
