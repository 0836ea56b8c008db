"""Registering, signing in, and what one is told of oneself."""

from litestar import delete, get, patch, post
from litestar.params import JSONBody

from app.accounts import queries as accounts
from app.accounts.schemas import CloseForm, MePatch, RegisterForm, SignInForm, TokenPair
from app.core.asks import OnDevice, Who, WithDb, WithLimiter
from app.core.base import Db
from app.core.security import Principal
from app.orgs import queries, service
from app.orgs.schemas import Me, MeMembership, SwitchForm


@post("/auth/register", access="public", limit="login")
async def create_person(db: WithDb, data: JSONBody[RegisterForm], device: OnDevice) -> TokenPair:
    """A new person, signed in."""
    return await service.register_for_tokens(db, data, device)


@post("/auth/login", access="public", limit="login", status_code=200)
async def create_api_session(
    db: WithDb, data: JSONBody[SignInForm], device: OnDevice, limiter: WithLimiter
) -> TokenPair:
    async with limiter.attempt("account", identity=await accounts.account_of(data.email, device)):
        return await service.sign_in_for_tokens(db, data, device)


@get("/me", access="person")
async def show_me(db: WithDb, who: Who) -> Me:
    """Who I am, where I act, and every org where I may."""
    return await _me(db, who)


@patch("/me", access="person")
async def update_me(db: WithDb, who: Who, data: JSONBody[MePatch]) -> Me:
    await service.change_me(db, data)
    return await _me(db, who)


@delete("/me", access="person", limit="login", status_code=204)
async def delete_me(db: WithDb, who: Who, data: JSONBody[CloseForm]) -> None:
    """Closes the account: leaves every org and overwrites personal data."""
    await service.close_me(db, who, data.password)


@post("/me/org", access="person", status_code=200)
async def update_acting_org(db: WithDb, who: Who, data: JSONBody[SwitchForm], device: OnDevice) -> TokenPair:
    """Act in another of my orgs, with new tokens."""
    return await service.switch_org_for_tokens(db, who, data.org_id, device)


async def _me(db: Db, who: Principal) -> Me:
    person = await accounts.me(db)
    mine = await queries.memberships_of(who.person_id)
    return Me(
        id=person.id,
        email=person.email,
        name=person.name,
        phone=person.phone,
        lang=person.lang,
        theme=person.theme,
        digits=person.digits,
        org=who.org_slug,
        role=who.role,
        memberships=[MeMembership(row.org, row.branch, row.role) for row in mine],
    )


ROUTES = (create_person, create_api_session, show_me, update_me, delete_me, update_acting_org)
