"""JSON of invitations: the org's, and the one somebody holds the code of."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from app.accounts.schemas import TokenPair
from app.core.asks import OnDevice, Visitor, Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.core.paging import Page
from app.orgs import queries, service
from app.orgs.schemas import AcceptForm, InvitationForm, InvitationRow


@get("/invitations", access="org:invitation.read")
async def list_invitations(
    db: WithDb, closed: FromQuery[bool] = False, cursor: QueryCursor = None, limit: QueryLimit = 50
) -> Page[InvitationRow]:
    return await queries.invitations(db, closed=closed, cursor=cursor, limit=limit)


@post(
    "/invitations", access="org:invitation.send", responses={201: ResponseSpec(InvitationRow, generate_examples=False)}
)
async def create_invitation(
    db: WithDb, data: JSONBody[InvitationForm], who: Who, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Mails an offer of a role; an open one to the same address is replaced."""

    async def make() -> InvitationRow:
        return await queries.invitation_row(db, await service.invite(db, who, data))

    return await once(db, keyed(request, data), make)


@delete("/invitations/{invitation_id:uuid}", access="org:invitation.revoke", status_code=204)
async def delete_invitation(db: WithDb, invitation_id: FromPath[Id]) -> None:
    await service.revoke(db, invitation_id)


@post("/invitations/accept", access="public", limit="login", status_code=200)
async def create_membership(db: WithDb, data: JSONBody[AcceptForm], visitor: Visitor, device: OnDevice) -> TokenPair:
    """Join with the mailed code; whoever has no account yet gives a name and a password."""
    return await service.accept_for_tokens(db, data, visitor, device)


ROUTES = (list_invitations, create_invitation, delete_invitation, create_membership)
