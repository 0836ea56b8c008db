"""Invitations: sent by mail, accepted once, withdrawn."""

from datetime import timedelta

from app.accounts import queries as accounts
from app.accounts.models import AppUser
from app.accounts.rules import normal_email
from app.accounts.schemas import RegisterForm, SignedIn, TokenPair
from app.accounts.service import end_my_session, first_tokens, new_hash, sign_in_person
from app.core import blind, clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.crypto import code, digest, seal
from app.core.devices import Device
from app.core.errors import Invalid, SignInNeeded
from app.core.events import HIDDEN, record
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.orgs import queries
from app.orgs.errors import AlreadyMember, InvitationForAnother, InvitationUsedUp
from app.orgs.facts import InvitationRevoked, MemberInvited
from app.orgs.models import Invitation, invitation_place
from app.orgs.schemas import AcceptForm, InvitationForm
from app.orgs.service.members import grantable, join
from app.orgs.service.people import add_with_home

PURPOSE = "invitation"
GOOD_FOR = timedelta(days=7)


async def invite(db: Db, who: Principal, form: InvitationForm) -> Id:
    """Whether the address has an account stays unknown here. Raises AboveYou, Invalid, NotFound, AlreadyMember."""
    grantable(who, form.role)
    await queries.require_branch(db, form.branch_id)
    email, now, invitation_id = normal_email(form.email), clock.now(), new_id()
    if (await queries.members(db, q=email, limit=1)).items:
        raise AlreadyMember
    await _withdraw_expired(db, who.org_id, email)
    invitation = Invitation(
        id=invitation_id,
        org_id=who.org_id,
        email_sealed=seal(email, invitation_place(who.org_id, invitation_id)),
        email_index=_index(who.org_id, email),
        role=form.role,
        branch_id=form.branch_id,
        lang=form.lang,
        token_hash=digest(code(PURPOSE, invitation_id)),
        invited_by=who.person_id,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    async with unique_or(db, "uq_invitation_open", AlreadyMember):
        db.add(invitation)
    record(
        db,
        MemberInvited(org_id=who.org_id, id=invitation_id, branch_id=form.branch_id),
        changed={"email": (None, HIDDEN), "role": (None, form.role), "branch_id": (None, form.branch_id)},
    )
    return invitation_id


async def revoke(db: Db, invitation_id: Id) -> None:
    """Withdrawing twice changes nothing. Raises InvitationUsedUp when it was accepted."""
    invitation = await queries.invitation_for_change(db, invitation_id)
    if invitation.accepted_at is not None:
        raise InvitationUsedUp
    if invitation.revoked_at is None:
        _revoke(db, invitation)


async def accept(db: Db, form: AcceptForm, visitor: Principal | None) -> tuple[AppUser, Id]:
    """The person and the org they joined. A new person is made where the address has no account.

    Raises InvitationUsedUp, InvitationForAnother, SignInNeeded, Invalid, AlreadyMember.
    """
    offered = await queries.invitation_by_code(form.code)
    user = await accounts.by_email(offered.email)
    if user is not None and (visitor is None or visitor.person_id != user.id):
        raise SignInNeeded if visitor is None else InvitationForAnother
    if user is None:
        user = await _newcomer(db, form, offered)
    await db.rescope(accounts.as_person(db, user, org_id=offered.org_id))
    invitation = await queries.invitation_for_change(db, offered.id)
    if invitation.accepted_at or invitation.revoked_at or clock.now() >= invitation.expires_at:
        raise InvitationUsedUp
    invitation.accepted_at = clock.now()
    await join(db, invitation.org_id, user, invitation.role, invitation.branch_id, invitation_id=invitation.id)
    # The code came by mail, so the address is theirs.
    (await accounts.profile_for_change(db)).email_verified = True
    return user, invitation.org_id


async def accept_and_sign_in(db: Db, form: AcceptForm, visitor: Principal | None, device: Device) -> SignedIn:
    """Accept and go on working in the new org, under a new session."""
    user, org_id = await accept(db, form, visitor)
    if visitor is not None:
        await end_my_session(db, visitor.session_id, reason="switched_org")
    return await sign_in_person(db, user, org_id, device)


async def accept_for_tokens(db: Db, form: AcceptForm, visitor: Principal | None, device: Device) -> TokenPair:
    user, org_id = await accept(db, form, visitor)
    return await first_tokens(db, await sign_in_person(db, user, org_id, device, kind="api"), device)


async def _newcomer(db: Db, form: AcceptForm, offered: Invitation) -> AppUser:
    missing = [field for field in ("name", "password") if not getattr(form, field)]
    if missing or form.name is None or form.password is None:
        raise Invalid([{"field": field, "message": "This field is needed."} for field in missing])
    email = offered.email
    hashed = await new_hash(form.password, field="password", email=email, name=form.name)
    person = RegisterForm(
        email=email, password=form.password, name=form.name, lang="ur" if offered.lang == "ur" else "en"
    )
    return await add_with_home(db, person, hashed, default_org_id=offered.org_id)


async def _withdraw_expired(db: Db, org_id: Id, email: str) -> None:
    """An offer nobody took in time makes way for a new one; an open one is replaced by it."""
    for invitation in await queries.open_invitations_to(db, _index(org_id, email)):
        _revoke(db, invitation)
    await db.flush()


def _revoke(db: Db, invitation: Invitation) -> None:
    invitation.revoked_at = clock.now()
    fact = InvitationRevoked(org_id=invitation.org_id, id=invitation.id, branch_id=invitation.branch_id)
    record(db, fact, changed={"revoked_at": (None, invitation.revoked_at)})


def _index(org_id: Id, email: str) -> bytes:
    return blind.unique(f"invitation|{org_id}", email)
