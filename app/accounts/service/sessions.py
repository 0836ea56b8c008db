"""Sessions: started at sign-in, renewed at a role change, ended for ever."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from app.accounts import queries, rules
from app.accounts.facts import SessionEnded, SessionStarted
from app.accounts.models import PasswordReset, RefreshToken, UserSession
from app.accounts.schemas import SignedIn
from app.core import clock
from app.core.base import Db
from app.core.crypto import digest
from app.core.devices import Device
from app.core.events import record
from app.core.ids import Id, new_id


async def start_session(db: Db, person_id: Id, org_id: Id, device: Device, *, kind: str = "browser") -> SignedIn:
    """A new session with a new id; whatever the browser came with is never adopted. The scope is the person's."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    session = UserSession(
        id=new_id(),
        org_id=org_id,
        user_id=person_id,
        kind=kind,
        token_hash=digest(token) if kind == "browser" else None,
        device=device.fingerprint,
        agent=device.agent,
        network=device.network,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (rules.BROWSER_FOR if kind == "browser" else rules.API_FOR),
    )
    db.add(session)
    await db.flush()
    record(db, SessionStarted(org_id=org_id, id=session.id, user_id=person_id))
    return SignedIn(person_id, org_id, session.id, token)


async def end_my_session(db: Db, session_id: Id, *, reason: str = "ended") -> None:
    session = await queries.my_session(db, session_id)
    await _end(db, UserSession.id == session.id, reason)


async def end_my_sessions(db: Db, *, reason: str, keep: Id | None = None) -> None:
    """Everywhere, in every org, except where I am now when `keep` is given."""
    mine = UserSession.user_id == db.scope.person_id
    await _end(db, mine if keep is None else and_(mine, UserSession.id != keep), reason)


async def end_family(db: Db, session_id: Id) -> None:
    """A refresh token was used by two: whoever holds any of the family signs in again."""
    await _end(db, and_(UserSession.id == session_id, UserSession.user_id == db.scope.person_id), "refresh_reused")


async def touch(db: Db, session_id: Id) -> None:
    await db.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(last_seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )


async def end_sessions_in_org(db: Db, user_id: Id | None = None, *, reason: str) -> None:
    """Of one member in the org we act in, or of all its members."""
    here = UserSession.org_id == db.scope.org_id
    await _end(db, here if user_id is None else and_(here, UserSession.user_id == user_id), reason)


async def renew_sessions_in_org(db: Db, user_id: Id) -> None:
    """The browser gets a new session id at its next request: rights changed, so an old id must not carry them."""
    await db.execute(
        update(UserSession)
        .where(
            UserSession.org_id == db.scope.org_id,
            UserSession.user_id == user_id,
            UserSession.kind == "browser",
            UserSession.ended_at.is_(None),
        )
        .values(rotate=True)
        .execution_options(synchronize_session=False)
    )


async def forget_sessions(db: Db, before: datetime, *, at_once: int = 1000) -> int:
    """Delete those that were over `before` then, each with its family of refresh tokens; for a schedule, as the system.

    A device is known again for as long as its last session is kept.
    """
    over = select(UserSession.id).where(func.least(UserSession.ended_at, UserSession.expires_at) < before)
    forgotten = 0
    while ids := (await db.scalars(over.limit(at_once))).all():
        await db.execute(delete(RefreshToken).where(RefreshToken.session_id.in_(ids)))
        await db.execute(delete(UserSession).where(UserSession.id.in_(ids)))
        forgotten += len(ids)
    return forgotten


async def forget_resets(db: Db, before: datetime) -> None:
    """Delete the mailed permissions to set a password that had run out `before` then; for a schedule, as the system."""
    await db.execute(delete(PasswordReset).where(PasswordReset.expires_at < before))


async def _end(db: Db, which: ColumnElement[bool], reason: str) -> None:
    ended = await db.execute(
        update(UserSession)
        .where(which, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
        .returning(UserSession.id, UserSession.org_id, UserSession.user_id)
        .execution_options(synchronize_session=False)
    )
    for session_id, org_id, user_id in ended:
        record(db, SessionEnded(org_id=org_id, id=session_id, user_id=user_id, reason=reason))
