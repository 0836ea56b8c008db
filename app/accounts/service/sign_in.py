"""Signing in and out, with a cookie or with tokens."""

from sqlalchemy import update

from app.accounts import queries, rules
from app.accounts.errors import FamilyRevoked, TokenRefused, WrongCredentials
from app.accounts.models import AppUser, RefreshToken, UserSession
from app.accounts.schemas import SignedIn, SignInForm, TokenPair
from app.accounts.service.sessions import end_family, end_my_session, start_session, touch
from app.core import clock, jwt, passwords
from app.core import db as database
from app.core.base import Db
from app.core.crypto import Place, digest, seal, unseal
from app.core.devices import Device
from app.core.ids import Id, new_id


async def check_credentials(form: SignInForm) -> AppUser:
    """Who that is. An unknown person costs the same work and gets the same answer. Raises WrongCredentials."""
    user = await queries.by_email(form.email)
    right = await passwords.matches(form.password, user.password_hash if user else None)
    if user is None or not right or user.status != "active":
        raise WrongCredentials
    return user


async def sign_in_person(db: Db, user: AppUser, org_id: Id, device: Device, *, kind: str = "browser") -> SignedIn:
    """A session in `org_id`, of which the caller knows that the person is a member. Goes on in that scope."""
    await db.rescope(queries.as_person(db, user, org_id=org_id))
    await db.execute(
        update(AppUser)
        .where(AppUser.id == user.id)
        .values(last_login_at=clock.now(), default_org_id=org_id)
        .execution_options(synchronize_session=False)
    )
    return await start_session(db, user.id, org_id, device, kind=kind)


async def sign_out(db: Db, session_id: Id) -> None:
    await end_my_session(db, session_id, reason="signed_out")


async def first_tokens(db: Db, signed_in: SignedIn, device: Device) -> TokenPair:
    """A short access token and the first refresh token of the session's family."""
    row, token = _new_refresh(signed_in.session_id, signed_in.person_id, signed_in.org_id, device)
    db.add(row)
    return _pair(row, token, signed_in.org_id)


async def refresh(db: Db, token: str, device: Device) -> TokenPair:
    """The next pair. One conditional UPDATE decides who uses the token; the same device may ask again for ten seconds
    and gets the same child, because answers get lost. Any other second use ends the whole family.

    Raises TokenRefused, FamilyRevoked.
    """
    stored, session = await _family(token)
    user = await queries.by_id(session.user_id)
    if user.status != "active":
        raise TokenRefused
    await db.rescope(queries.as_person(db, user, org_id=session.org_id))
    child, child_token = _new_refresh(session.id, user.id, session.org_id, device, parent_id=stored.id)
    now = clock.now()
    used = await db.execute(
        update(RefreshToken)
        .where(RefreshToken.id == stored.id, RefreshToken.used_at.is_(None), RefreshToken.expires_at > now)
        .values(used_at=now, child_sealed=seal(child_token, _place(stored)))
        .returning(RefreshToken.id)
        .execution_options(synchronize_session=False)
    )
    if used.one_or_none():
        db.add(child)
        await touch(db, session.id)
        return _pair(child, child_token, session.org_id)
    return await _used_before(db, stored.id, session, device)


async def _family(token: str) -> tuple[RefreshToken, UserSession]:
    try:
        claims = jwt.read("refresh", token)
    except jwt.BadToken:
        raise TokenRefused from None
    stored = await queries.refresh_token(token)
    session = await queries.session(claims.session_id)
    if stored is None or session is None or session.id != stored.session_id:
        raise TokenRefused
    if session.ended_at is not None or clock.now() >= session.expires_at:
        raise TokenRefused
    return stored, session


async def _used_before(db: Db, token_id: Id, session: UserSession, device: Device) -> TokenPair:
    row = await queries.my_refresh_token(db, token_id)
    if row.used_at is None or row.child_sealed is None:
        raise TokenRefused
    if row.device == device.fingerprint and clock.now() <= row.used_at + rules.REFRESH_GRACE:
        child = await queries.child_of(db, token_id)
        if child.used_at is None:
            return _pair(child, unseal(row.child_sealed, _place(row)), session.org_id)
    # The refusal rolls this transaction back, so the family ends in one of its own.
    async with database.unit(db.scope) as ending:
        await end_family(ending, session.id)
    raise FamilyRevoked


def _new_refresh(
    session_id: Id, person_id: Id, org_id: Id, device: Device, *, parent_id: Id | None = None
) -> tuple[RefreshToken, str]:
    token_id, now = new_id(), clock.now()
    token = jwt.issue("refresh", person_id=person_id, session_id=session_id, org_id=org_id, token_id=token_id)
    row = RefreshToken(
        id=token_id,
        session_id=session_id,
        user_id=person_id,
        parent_id=parent_id,
        token_hash=digest(token),
        device=device.fingerprint,
        created_at=now,
        expires_at=now + jwt.REFRESH_FOR,
    )
    return row, token


def _pair(row: RefreshToken, refresh_token: str, org_id: Id) -> TokenPair:
    access = jwt.issue("access", person_id=row.user_id, session_id=row.session_id, org_id=org_id)
    return TokenPair(access, refresh_token, int(jwt.ACCESS_FOR.total_seconds()))


def _place(row: RefreshToken) -> Place:
    return Place("refresh_token", "child", row.user_id, row.id)
