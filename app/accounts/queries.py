"""Every read of people, their profiles and their sessions."""

from sqlalchemy import exists, select

from app.accounts.errors import WrongCredentials
from app.accounts.models import AppUser, PasswordReset, Profile, RefreshToken, UserSession
from app.accounts.rules import normal_email
from app.accounts.schemas import PersonCard, ProfileCard, SessionRow
from app.core import blind, clock
from app.core import db as database
from app.core.base import Db, Scope, one_or
from app.core.crypto import digest
from app.core.devices import Device
from app.core.errors import NotFound
from app.core.ids import Id


async def person(db: Db, user_id: Id) -> AppUser:
    """Raises NotFound for those this scope does not see."""
    user: AppUser = one_or(await db.scalars(select(AppUser).where(AppUser.id == user_id)), NotFound)
    return user


async def person_for_change(db: Db, user_id: Id) -> AppUser:
    found = await db.scalars(select(AppUser).where(AppUser.id == user_id).with_for_update())
    user: AppUser = one_or(found, NotFound)
    return user


async def me(db: Db) -> PersonCard:
    user = await person(db, me_id(db))
    return PersonCard(
        user.id, user.email, user.name, user.phone, user.lang, user.theme, user.digits, user.created_at,
        user.last_login_at,
    )  # fmt: skip


async def my_profile(db: Db) -> ProfileCard:
    row = one_or(await db.scalars(select(Profile).where(Profile.user_id == me_id(db))), NotFound)
    return ProfileCard(
        row.avatar_url, row.about, row.rating, row.email_verified, row.phone_verified, row.identity_verified
    )


async def profile_for_change(db: Db) -> Profile:
    found: Profile = one_or(
        await db.scalars(select(Profile).where(Profile.user_id == me_id(db)).with_for_update()), NotFound
    )
    return found


async def my_sessions(db: Db, *, current: Id | None = None) -> list[SessionRow]:
    """Where I am signed in, the latest first."""
    now = clock.now()
    found = await db.scalars(
        select(UserSession)
        .where(UserSession.user_id == me_id(db), UserSession.ended_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
        .limit(100)
    )
    return [
        SessionRow(
            row.id,
            row.kind,
            row.agent,
            row.network,
            row.created_at,
            row.last_seen_at,
            row.expires_at,
            row.id == current,
        )
        for row in found
    ]


async def my_session(db: Db, session_id: Id) -> UserSession:
    found = await db.scalars(
        select(UserSession).where(
            UserSession.id == session_id, UserSession.user_id == me_id(db), UserSession.ended_at.is_(None)
        )
    )
    row: UserSession = one_or(found, NotFound)
    return row


async def my_refresh_token(db: Db, token_id: Id) -> RefreshToken:
    found = await db.scalars(select(RefreshToken).where(RefreshToken.id == token_id))
    row: RefreshToken = one_or(found, NotFound)
    return row


async def child_of(db: Db, token_id: Id) -> RefreshToken:
    found = await db.scalars(select(RefreshToken).where(RefreshToken.parent_id == token_id))
    row: RefreshToken = one_or(found, NotFound)
    return row


async def my_reset(db: Db, reset_id: Id) -> PasswordReset:
    found = await db.scalars(select(PasswordReset).where(PasswordReset.id == reset_id).with_for_update())
    row: PasswordReset = one_or(found, NotFound)
    return row


# Sign-in happens before anybody's scope is known: these look across orgs, by secrets and addresses only.


async def by_email(address: str) -> AppUser | None:
    index = blind.unique("email", normal_email(address))
    async with database.system() as system:
        found: AppUser | None = await system.scalar(select(AppUser).where(AppUser.email_index == index))
    return found


async def account_of(email: str, device: Device) -> str:
    """What tries to sign in are counted under: a code of the address, known or not. A device that was signed in there
    before is counted alone, so that strangers who guess do not shut its owner out.
    """
    index = blind.unique("email", normal_email(email))
    signed_in_here = exists().where(
        UserSession.user_id == AppUser.id, UserSession.device == device.fingerprint, AppUser.email_index == index
    )
    if device.recognisable:
        async with database.system() as system:
            if await system.scalar(select(signed_in_here)):
                return f"{index.hex()} {device.fingerprint}"
    return index.hex()


async def by_id(user_id: Id) -> AppUser:
    """Raises WrongCredentials."""
    async with database.system() as system:
        user: AppUser = one_or(await system.scalars(select(AppUser).where(AppUser.id == user_id)), WrongCredentials)
    return user


async def refresh_token(token: str) -> RefreshToken | None:
    async with database.system() as system:
        found: RefreshToken | None = await system.scalar(
            select(RefreshToken).where(RefreshToken.token_hash == digest(token))
        )
    return found


async def session(session_id: Id) -> UserSession | None:
    async with database.system() as system:
        found: UserSession | None = await system.scalar(select(UserSession).where(UserSession.id == session_id))
    return found


async def password_reset(code: str) -> PasswordReset | None:
    async with database.system() as system:
        found: PasswordReset | None = await system.scalar(
            select(PasswordReset).where(PasswordReset.token_hash == digest(code))
        )
    return found


async def reset_is_open(reset_id: Id) -> bool:
    async with database.system() as system:
        reset: PasswordReset | None = await system.get(PasswordReset, reset_id)
    return reset is not None and reset.used_at is None and clock.now() < reset.expires_at


def as_person(db: Db, user: AppUser, *, org_id: Id | None = None) -> Scope:
    """The scope of this person in `org_id`, or in their own org, for the rest of the transaction."""
    return Scope(org_id=org_id or user.home_org_id, person_id=user.id, actor_id=user.id, request_id=db.scope.request_id)


def me_id(db: Db) -> Id:
    person_id = db.scope.person_id
    if person_id is None:
        raise NotFound
    return person_id
