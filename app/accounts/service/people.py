"""People: made, changed and closed. What an org sees of them follows in `app.orgs`."""

import secrets

from msgspec import UNSET

from app.accounts import queries
from app.accounts.facts import ProfileChanged, UserChanged, UserClosed, UserRegistered
from app.accounts.models import AppUser, Profile, place, sealed
from app.accounts.rules import normal_email
from app.accounts.schemas import MePatch, ProfilePatch, RegisterForm
from app.accounts.service.sessions import end_my_sessions
from app.core import blind, clock
from app.core.base import Db
from app.core.crypto import unseal
from app.core.errors import Invalid
from app.core.events import HIDDEN, Changed, record
from app.core.ids import Id
from app.core.phone import PhoneInvalid, parse_phone


async def add_person(
    db: Db, form: RegisterForm, hashed: str, *, user_id: Id, org_id: Id, default_org_id: Id
) -> AppUser:
    """A new person whose own org is `org_id`; the scope is theirs. Raises Invalid: a wrong phone."""
    email = normal_email(form.email)
    number = e164(form.phone) if form.phone else None
    user = AppUser(
        id=user_id,
        home_org_id=org_id,
        default_org_id=default_org_id,
        email_sealed=sealed("email", user_id, email),
        email_index=blind.unique("email", email),
        phone_sealed=sealed("phone", user_id, number) if number else None,
        phone_index=blind.unique("phone", number) if number else None,
        name_sealed=sealed("name", user_id, form.name.strip()),
        password_hash=hashed,
        lang=form.lang,
        created_at=clock.now(),
    )
    db.add(user)
    await db.flush()
    db.add(Profile(user_id=user_id))
    record(db, UserRegistered(org_id=org_id, id=user_id))
    return user


async def change_person(db: Db, patch: MePatch) -> AppUser:
    """Raises Invalid."""
    user = await queries.person_for_change(db, queries.me_id(db))
    changed: dict[str, tuple[object, object]] = {}
    for field in ("lang", "theme", "digits"):
        value = getattr(patch, field)
        if value is not UNSET and value != getattr(user, field):
            changed[field] = (getattr(user, field), value)
            setattr(user, field, value)
    if patch.name is not UNSET and patch.name.strip() != user.name:
        user.name_sealed = sealed("name", user.id, patch.name.strip())
        changed["name"] = (HIDDEN, HIDDEN)
    if patch.phone is not UNSET:
        changed |= _change_phone(user, patch.phone)
    if changed:
        record(db, UserChanged(org_id=user.home_org_id, id=user.id), changed=changed)
    return user


def _change_phone(user: AppUser, given: str | None) -> Changed:
    number = e164(given) if given else None
    before = unseal(user.phone_sealed, place("phone", user.id)) if user.phone_sealed else None
    if number == before:
        return {}
    user.phone_sealed = sealed("phone", user.id, number) if number else None
    user.phone_index = blind.unique("phone", number) if number else None
    return {"phone": (before and HIDDEN, number and HIDDEN)}


async def change_profile(db: Db, patch: ProfilePatch) -> None:
    profile = await queries.profile_for_change(db)
    user = await queries.person(db, profile.user_id)
    changed = {}
    for field in ("about", "avatar_url"):
        value = getattr(patch, field)
        if value is not UNSET and value != getattr(profile, field):
            changed[field] = (HIDDEN, HIDDEN)
            setattr(profile, field, value)
    if changed:
        record(db, ProfileChanged(org_id=user.home_org_id, id=user.id), changed=changed)


async def close_person(db: Db, user_id: Id) -> None:
    """Nobody can sign in as them any more, and what told who they were is overwritten."""
    user = await queries.person_for_change(db, user_id)
    profile = await queries.profile_for_change(db)
    user.status, user.password_hash = "closed", None
    user.email_sealed, user.email_index = sealed("email", user_id, ""), secrets.token_bytes(32)
    user.name_sealed = sealed("name", user_id, "")
    user.phone_sealed = user.phone_index = None
    profile.about, profile.avatar_url = "", None
    record(db, UserClosed(org_id=user.home_org_id, id=user_id))
    await end_my_sessions(db, reason="closed")


def e164(text: str) -> str:
    """Raises Invalid on field `phone`."""
    try:
        return parse_phone(text).e164
    except PhoneInvalid:
        raise Invalid([{"field": "phone", "message": "This does not look like a phone number."}]) from None
