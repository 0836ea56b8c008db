"""Passwords: changed by whoever knows the old one, or reset through a mailed link."""

from app.accounts import queries, rules
from app.accounts.errors import ResetRefused, WrongCredentials
from app.accounts.facts import PasswordChanged, PasswordResetAsked
from app.accounts.models import AppUser, PasswordReset
from app.accounts.schemas import PasswordForm, ResetForm
from app.accounts.service.sessions import end_my_sessions
from app.core import clock, passwords
from app.core.base import Db
from app.core.crypto import code, digest
from app.core.errors import Invalid
from app.core.events import HIDDEN, record
from app.core.ids import Id, new_id

RESET = "password-reset"


async def new_hash(password: str, *, field: str, email: str = "", name: str = "") -> str:
    """Judged and hashed, before any transaction begins: it takes a third of a second. Raises Invalid on `field`."""
    fault = rules.password_fault(password, email=email, name=name)
    if fault:
        raise Invalid([{"field": field, "message": fault}])
    return await passwords.hashed(password)


async def check_password(person_id: Id, password: str) -> AppUser:
    """The person, when that is their password. Raises WrongCredentials."""
    user = await queries.by_id(person_id)
    if not await passwords.matches(password, user.password_hash):
        raise WrongCredentials
    return user


async def change_password(db: Db, form: PasswordForm, *, keep: Id) -> None:
    """Ends every other session; the one at hand, `keep`, goes on under a new id. Raises WrongCredentials, Invalid."""
    known = await check_password(queries.me_id(db), form.current)
    hashed = await new_hash(form.new, field="new", email=known.email, name=known.name)
    user = await queries.person_for_change(db, known.id)
    if user.password_hash != known.password_hash:
        raise WrongCredentials
    user.password_hash = hashed
    session = await queries.my_session(db, keep)
    session.rotate = session.kind == "browser"
    record(db, PasswordChanged(org_id=user.home_org_id, id=user.id), changed={"password": (HIDDEN, HIDDEN)})
    await end_my_sessions(db, reason="password_changed", keep=keep)


async def ask_reset(db: Db, email: str) -> None:
    """Mails a link where the address is known; the answer is the same where it is not."""
    user = await queries.by_email(email)
    if user is None or user.status != "active":
        return
    await db.rescope(queries.as_person(db, user))
    now, reset_id = clock.now(), new_id()
    reset = PasswordReset(
        id=reset_id,
        user_id=user.id,
        token_hash=digest(code(RESET, reset_id)),
        created_at=now,
        expires_at=now + rules.RESET_FOR,
    )
    db.add(reset)
    record(db, PasswordResetAsked(org_id=user.home_org_id, id=reset_id, user_id=user.id))


async def reset_password(db: Db, form: ResetForm) -> None:
    """Sets a new password once per link and ends every session of the person. Raises ResetRefused, Invalid."""
    asked = await queries.password_reset(form.code)
    if asked is None or asked.used_at is not None or clock.now() >= asked.expires_at:
        raise ResetRefused
    user = await queries.by_id(asked.user_id)
    hashed = await new_hash(form.password, field="password", email=user.email, name=user.name)
    await db.rescope(queries.as_person(db, user))
    reset = await queries.my_reset(db, asked.id)
    if reset.used_at is not None or clock.now() >= reset.expires_at or user.status != "active":
        raise ResetRefused
    reset.used_at = clock.now()
    mine = await queries.person_for_change(db, user.id)
    mine.password_hash = hashed
    record(db, PasswordChanged(org_id=user.home_org_id, id=user.id), changed={"password": (HIDDEN, HIDDEN)})
    await end_my_sessions(db, reason="password_reset")
