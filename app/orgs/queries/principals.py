"""Who is asking: from a cookie or a token to a person acting in one org. Reads across orgs, by secrets only."""

import secrets
from datetime import datetime
from typing import Any, Literal, cast

from msgspec import Struct
from sqlalchemy import Select, bindparam, or_, select, update

from app.accounts import rules as account_rules
from app.accounts.models import AppUser, UserSession
from app.core import clock
from app.core import db as database
from app.core.base import Db
from app.core.crypto import digest
from app.core.ids import Id, new_id
from app.core.jwt import Claims
from app.core.security import OrgKind, Principal
from app.orgs.models import Branch, Membership, Org
from app.orgs.rules import HEAD_ROLE
from app.orgs.schemas import MembershipRow

Via = Literal["cookie", "bearer"]


class Found(Struct, frozen=True):
    """`fresh_token` replaces the browser's session id when it had to change."""

    principal: Principal
    fresh_token: str | None = None


async def by_cookie(token: str, *, may_renew: bool) -> Found | None:
    """The session of an opaque id. `may_renew` where an answer can carry a new cookie."""
    held = digest(token)
    async with database.system() as system:
        row = await _one(system, _BY_COOKIE, held=held, now=clock.now())
        if row is None:
            return None
        session: UserSession = row[0]
        fresh = await _renew(system, session, held) if may_renew and session.rotate else None
        return Found(_principal(row, "cookie"), fresh)


async def by_claims(claims: Claims) -> Principal | None:
    """The session behind an access token: ending it ends the token at once, whatever its expiry says."""
    values = {"session": claims.session_id, "person": claims.person_id, "org": claims.org_id}
    async with database.system() as system:
        row = await _one(system, _BY_CLAIMS, **values)
        return None if row is None else _principal(row, "bearer")


async def recheck(session_id: Id) -> Principal | None:
    """The same person again, as things are now; open sockets ask every minute, and that counts as use."""
    async with database.system() as system:
        row = await _one(system, _BY_ID, session=session_id)
        return None if row is None else _principal(row, "cookie" if row[0].kind == "browser" else "bearer")


async def memberships_of(person_id: Id, *, acting_in: Id | None = None) -> list[MembershipRow]:
    """Every org where the person may act, those of dealers first."""
    async with database.system() as system:
        found = await system.execute(
            select(Org.id, Org.slug, Org.name, Org.kind, Membership.role, Membership.branch_id, Branch.slug)
            .join(Membership, Membership.org_id == Org.id)
            .outerjoin(Branch, Branch.id == Membership.branch_id)
            .where(Membership.user_id == person_id, Membership.status == "active", Org.status == "active")
            .order_by(Org.kind == "person", Membership.joined_at, Org.id)
        )
        return [MembershipRow(*row, current=row[0] == acting_in) for row in found]


async def working_org(user: AppUser) -> Id:
    """Where the person starts: where they last worked, else with a dealer or the platform, else in their own org."""
    mine = [row.org_id for row in await memberships_of(user.id)]
    return user.default_org_id if user.default_org_id in mine else (mine or [user.home_org_id])[0]


_HELD: Any = bindparam("held")
_SESSION: Any = bindparam("session")
_FOUND = (
    select(UserSession, AppUser, Org, Membership.role, Membership.branch_id, Branch.slug)
    .join(AppUser, AppUser.id == UserSession.user_id)
    .join(Org, Org.id == UserSession.org_id)
    .join(Membership, (Membership.org_id == UserSession.org_id) & (Membership.user_id == UserSession.user_id))
    .outerjoin(Branch, Branch.id == Membership.branch_id)
    .where(AppUser.status == "active", Org.status == "active", Membership.status == "active")
)
# Asked with every request: built once.
_BY_COOKIE = _FOUND.where(
    UserSession.kind == "browser",
    or_(
        UserSession.token_hash == _HELD,
        (UserSession.previous_hash == _HELD) & (UserSession.previous_until > bindparam("now")),
    ),
)
_BY_CLAIMS = _FOUND.where(
    UserSession.kind == "api",
    UserSession.id == _SESSION,
    UserSession.user_id == bindparam("person"),
    UserSession.org_id == bindparam("org"),
)
_BY_ID = _FOUND.where(UserSession.id == _SESSION)


async def head_of(org_id: Id) -> Principal | None:
    """The first of those who answer for the org, as whoever acts for it from a command line."""
    asked = (
        select(AppUser, Org, Membership.role)
        .join(Membership, Membership.user_id == AppUser.id)
        .join(Org, Org.id == Membership.org_id)
        .where(Org.id == org_id, Membership.status == "active", Membership.role.in_(HEAD_ROLE.values()))
        .order_by(Membership.joined_at)
        .limit(1)
    )
    async with database.system() as system:
        row = (await system.execute(asked)).one_or_none()
    if row is None:
        return None
    user, org, role = row
    return Principal(
        person_id=user.id,
        session_id=new_id(),
        org_id=org.id,
        org_slug=org.slug,
        org_name=org.name,
        org_kind=cast(OrgKind, org.kind),
        role=role,
        name=user.name,
        via="bearer",
    )


async def _one(system: Db, which: Select[*tuple[Any, ...]], **values: Any) -> Any:
    row = (await system.execute(which, values)).one_or_none()
    if row is None:
        return None
    session: UserSession = row[0]
    now = clock.now()
    if not account_rules.alive(
        kind=session.kind,
        now=now,
        expires_at=session.expires_at,
        last_seen_at=session.last_seen_at,
        ended_at=session.ended_at,
    ):
        return None
    await _seen(system, session, now)
    return row


async def _seen(system: Db, session: UserSession, now: datetime) -> None:
    """At most one write a minute, whoever comes first."""
    due = now - account_rules.TOUCH_EVERY
    if session.last_seen_at <= due:
        await system.execute(
            update(UserSession)
            .where(UserSession.id == session.id, UserSession.last_seen_at <= due)
            .values(last_seen_at=now)
            .execution_options(synchronize_session=False)
        )


async def _renew(system: Db, session: UserSession, held: bytes) -> str | None:
    """A new id; the old one is good for half a minute more, for requests already on their way."""
    fresh = secrets.token_urlsafe(32)
    renewed = await system.execute(
        update(UserSession)
        .where(UserSession.id == session.id, UserSession.token_hash == held, UserSession.rotate)
        .values(
            token_hash=digest(fresh),
            previous_hash=held,
            previous_until=clock.now() + account_rules.ROTATION_GRACE,
            rotate=False,
        )
        .returning(UserSession.id)
        .execution_options(synchronize_session=False)
    )
    return fresh if renewed.one_or_none() else None


def _principal(row: Any, via: Via) -> Principal:
    session, user, org, role, branch_id, branch_slug = row
    return Principal(
        person_id=user.id,
        session_id=session.id,
        org_id=org.id,
        org_slug=org.slug,
        org_name=org.name,
        org_kind=org.kind,
        role=role,
        branch_id=branch_id,
        branch_slug=branch_slug,
        name=user.name,
        lang=user.lang,
        theme=user.theme,
        digits=user.digits,
        via=via,
    )
