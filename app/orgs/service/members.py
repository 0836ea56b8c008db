"""Members: added, given another role or branch, disabled, removed. Nobody reaches above their own rights."""

from msgspec import UNSET

from app.accounts import queries as accounts
from app.accounts.models import AppUser
from app.accounts.schemas import RegisterForm
from app.accounts.service import end_sessions_in_org, new_hash, renew_sessions_in_org
from app.core import blind, clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.ids import Id
from app.core.security import Principal
from app.orgs import queries, rules
from app.orgs.errors import AboveYou, AlreadyMember, EmailTaken, LastOwner
from app.orgs.facts import MemberDisabled, MemberEnabled, MemberJoined, MemberRemoved, MemberRoleChanged
from app.orgs.models import Membership
from app.orgs.schemas import MemberPatch, UserForm
from app.orgs.service.people import add_with_home


async def add_user(db: Db, who: Principal, form: UserForm) -> Id:
    """A new person with a first password, member at once. Whoever has an account is invited instead.

    Raises EmailTaken, AboveYou, Invalid, NotFound.
    """
    grantable(who, form.role)
    await queries.require_branch(db, form.branch_id)
    if await accounts.by_email(form.email):
        raise EmailTaken
    person = RegisterForm(email=form.email, password=form.password, name=form.name, phone=form.phone)
    hashed = await new_hash(form.password, field="password", email=form.email, name=form.name)
    ours = db.scope
    user = await add_with_home(db, person, hashed, actor_id=who.person_id, default_org_id=who.org_id)
    await db.rescope(ours)
    await join(db, who.org_id, user, form.role, form.branch_id)
    return user.id


async def join(
    db: Db, org_id: Id, user: AppUser, role: str, branch_id: Id | None, *, invitation_id: Id | None = None
) -> None:
    """The person becomes a member of `org_id`, the org in scope; somebody removed earlier comes back.

    Raises AlreadyMember.
    """
    before = await db.get(Membership, (org_id, user.id), with_for_update=True)
    if before is not None and before.status != "removed":
        raise AlreadyMember
    member = before or Membership(org_id=org_id, user_id=user.id)
    member.role, member.branch_id, member.status, member.joined_at = role, branch_id, "active", clock.now()
    member.search = blind.person_codes(org_id, name=user.name, phone=user.phone or "", email=user.email)
    db.add(member)
    await db.flush()
    record(
        db,
        MemberJoined(org_id=org_id, id=user.id, branch_id=branch_id, invitation_id=invitation_id),
        changed={"role": (None, role), "branch_id": (None, branch_id)},
    )


async def change_member(db: Db, who: Principal, user_id: Id, patch: MemberPatch) -> None:
    """Raises NotFound, AboveYou, LastOwner, Invalid."""
    member = await _for_change(db, who, user_id)
    if patch.role is not UNSET or patch.branch_id is not UNSET:
        await _change_role(db, who, member, patch)
    if patch.status is not UNSET and patch.status != member.status:
        await _change_status(db, who, member, patch.status)


async def _change_role(db: Db, who: Principal, member: Membership, patch: MemberPatch) -> None:
    role = member.role if patch.role is UNSET else patch.role
    branch_id = member.branch_id if patch.branch_id is UNSET else patch.branch_id
    if (role, branch_id) == (member.role, member.branch_id):
        return
    grantable(who, role)
    await queries.require_branch(db, branch_id)
    if role != member.role:
        await _keep_an_owner(db, who, member)
    changed = {"role": (member.role, role), "branch_id": (member.branch_id, branch_id)}
    member.role, member.branch_id = role, branch_id
    fact = MemberRoleChanged(org_id=member.org_id, id=member.user_id, branch_id=branch_id)
    record(db, fact, changed={field: pair for field, pair in changed.items() if pair[0] != pair[1]})
    await renew_sessions_in_org(db, member.user_id)


async def _change_status(db: Db, who: Principal, member: Membership, status: str) -> None:
    if status == "disabled":
        await _keep_an_owner(db, who, member)
    before, member.status = member.status, status
    fact = MemberDisabled if status == "disabled" else MemberEnabled
    record(
        db,
        fact(org_id=member.org_id, id=member.user_id, branch_id=member.branch_id),
        changed={"status": (before, status)},
    )
    if status == "disabled":
        await end_sessions_in_org(db, member.user_id, reason="disabled")


async def remove_member(db: Db, who: Principal, user_id: Id) -> None:
    """Raises NotFound, AboveYou, LastOwner."""
    member = await _for_change(db, who, user_id)
    await _keep_an_owner(db, who, member)
    await leave(db, member)


async def leave(db: Db, member: Membership) -> None:
    before, member.status, member.search = member.status, "removed", []
    record(
        db,
        MemberRemoved(org_id=member.org_id, id=member.user_id, branch_id=member.branch_id),
        changed={"status": (before, "removed"), "role": (member.role, None)},
    )
    await end_sessions_in_org(db, member.user_id, reason="removed")


async def end_member_sessions(db: Db, who: Principal, user_id: Id) -> None:
    """Sign a member out everywhere in this org."""
    await _for_change(db, who, user_id)
    await end_sessions_in_org(db, user_id, reason="ended_by_manager")


def grantable(who: Principal, role: str) -> None:
    """Raises Invalid for a role this kind of org does not know, AboveYou for one beyond the giver's reach."""
    if not rules.belongs(role, who.org_kind):
        raise Invalid([{"field": "role", "message": "There is no such role here."}])
    if not rules.reaches(who.role, role):
        raise AboveYou


async def _for_change(db: Db, who: Principal, user_id: Id) -> Membership:
    """The org first, then the member: two owners who demote each other take turns."""
    await queries.org_for_change(db, who.org_id)
    member = await queries.membership_for_change(db, user_id)
    if not rules.reaches(who.role, member.role):
        raise AboveYou
    return member


async def _keep_an_owner(db: Db, who: Principal, member: Membership) -> None:
    head = rules.HEAD_ROLE[who.org_kind]
    if member.role == head and member.status == "active" and not await queries.other_owners(db, member.user_id, head):
        raise LastOwner
