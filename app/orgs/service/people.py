"""People and their own orgs: registered together, renamed wherever they are members, closed everywhere."""

from msgspec import UNSET

from app.accounts import queries as accounts
from app.accounts import service as account_service
from app.accounts.models import AppUser
from app.accounts.schemas import MePatch, RegisterForm, SignedIn, TokenPair
from app.core import blind, clock
from app.core.base import Db, Scope
from app.core.conflicts import unique_or
from app.core.devices import Device
from app.core.events import HIDDEN, record
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.orgs import queries, rules
from app.orgs.errors import EmailTaken, LastOwner
from app.orgs.facts import MemberRemoved, MemberRenamed, OrgCreated
from app.orgs.models import Membership, Org


async def register(db: Db, form: RegisterForm) -> AppUser:
    """A new person with an org of their own; goes on in its scope. Raises EmailTaken, Invalid."""
    if await accounts.by_email(form.email):
        raise EmailTaken
    hashed = await account_service.new_hash(form.password, field="password", email=form.email, name=form.name)
    return await add_with_home(db, form, hashed)


async def register_and_sign_in(db: Db, form: RegisterForm, device: Device) -> SignedIn:
    user = await register(db, form)
    return await account_service.sign_in_person(db, user, user.home_org_id, device)


async def register_for_tokens(db: Db, form: RegisterForm, device: Device) -> TokenPair:
    user = await register(db, form)
    signed_in = await account_service.sign_in_person(db, user, user.home_org_id, device, kind="api")
    return await account_service.first_tokens(db, signed_in, device)


async def add_with_home(
    db: Db, form: RegisterForm, hashed: str, *, actor_id: Id | None = None, default_org_id: Id | None = None
) -> AppUser:
    """The person, their org and their membership in it. Leaves the scope theirs. Raises EmailTaken, Invalid."""
    user_id, org_id, now = new_id(), new_id(), clock.now()
    await db.rescope(
        Scope(org_id=org_id, person_id=user_id, actor_id=actor_id or user_id, request_id=db.scope.request_id)
    )
    db.add(Org(id=org_id, slug=f"p-{org_id.hex}", name="", kind="person", created_at=now))
    await db.flush()
    record(db, OrgCreated(org_id=org_id, id=org_id))
    async with unique_or(db, "uq_app_user_email_index", EmailTaken):
        user = await account_service.add_person(
            db, form, hashed, user_id=user_id, org_id=org_id, default_org_id=default_org_id or org_id
        )
    db.add(Membership(org_id=org_id, user_id=user_id, role=rules.CAR_OWNER, joined_at=now))
    await db.flush()
    return user


async def change_me(db: Db, patch: MePatch) -> None:
    """Raises Invalid. What orgs find and show of the person follows in each of them."""
    user = await account_service.change_person(db, patch)
    await db.flush()
    if patch.name is not UNSET or patch.phone is not UNSET:
        await _follow(db, user)


async def _follow(db: Db, user: AppUser) -> None:
    ours = db.scope
    for mine in await queries.memberships_of(user.id):
        await db.rescope(accounts.as_person(db, user, org_id=mine.org_id))
        member = await queries.membership_for_change(db, user.id)
        codes = blind.person_codes(mine.org_id, name=user.name, phone=user.phone or "", email=user.email)
        if codes != member.search:
            member.search = codes
            fact = MemberRenamed(org_id=mine.org_id, id=user.id, branch_id=member.branch_id)
            record(db, fact, changed={"name": (HIDDEN, HIDDEN)})
    await db.rescope(ours)


async def close_me(db: Db, who: Principal, password: str) -> None:
    """Leaves every org and overwrites who it was. Raises WrongCredentials, LastOwner."""
    user = await account_service.check_password(who.person_id, password)
    for mine in await queries.memberships_of(user.id):
        await db.rescope(accounts.as_person(db, user, org_id=mine.org_id))
        org = await queries.org_for_change(db, mine.org_id)
        member = await queries.membership_for_change(db, user.id)
        head = rules.HEAD_ROLE[org.kind]
        if org.kind == "person":
            org.status = "closed"
        elif member.role == head and not await queries.other_owners(db, user.id, head):
            raise LastOwner(org=org.slug)
        member.status, member.search = "removed", []
        fact = MemberRemoved(org_id=org.id, id=user.id, branch_id=member.branch_id)
        record(db, fact, changed={"status": ("active", "removed")})
    await db.rescope(accounts.as_person(db, user))
    await account_service.close_person(db, user.id)
