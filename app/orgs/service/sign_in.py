"""Signing in: who it is comes from accounts, where they then act is decided here."""

from app.accounts import queries as accounts
from app.accounts import service as account_service
from app.accounts.models import AppUser
from app.accounts.schemas import SignedIn, SignInForm, TokenPair
from app.core.base import Db
from app.core.devices import Device
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.security import Principal
from app.orgs import queries


async def sign_in(db: Db, form: SignInForm, device: Device, *, before: Principal | None = None) -> SignedIn:
    """A browser session under a new id; one the browser still held, `before`, ends. Raises WrongCredentials."""
    user = await account_service.check_credentials(form)
    signed_in = await account_service.sign_in_person(db, user, await queries.working_org(user), device)
    if before is not None and before.person_id == user.id and before.via == "cookie":
        await account_service.end_my_session(db, before.session_id, reason="signed_in_again")
    return signed_in


async def sign_in_for_tokens(db: Db, form: SignInForm, device: Device) -> TokenPair:
    """An API session. Raises WrongCredentials."""
    return await tokens_for(db, await account_service.check_credentials(form), device)


async def tokens_for(db: Db, user: AppUser, device: Device) -> TokenPair:
    """An API session of somebody whose identity is settled."""
    signed_in = await account_service.sign_in_person(db, user, await queries.working_org(user), device, kind="api")
    return await account_service.first_tokens(db, signed_in, device)


async def switch_org(db: Db, who: Principal, org_id: Id, device: Device) -> SignedIn:
    """Act in another of my orgs: a new session there, the old one ends. Raises NotFound."""
    return await _switch(db, who, org_id, device, "browser")


async def switch_org_for_tokens(db: Db, who: Principal, org_id: Id, device: Device) -> TokenPair:
    return await account_service.first_tokens(db, await _switch(db, who, org_id, device, "api"), device)


async def _switch(db: Db, who: Principal, org_id: Id, device: Device, kind: str) -> SignedIn:
    if org_id not in [row.org_id for row in await queries.memberships_of(who.person_id)]:
        raise NotFound
    await account_service.end_my_session(db, who.session_id, reason="switched_org")
    user = await accounts.by_id(who.person_id)
    return await account_service.sign_in_person(db, user, org_id, device, kind=kind)
