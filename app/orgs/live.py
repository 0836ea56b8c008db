"""What changes of members, invitations and branches show on open screens, and whose sockets they close."""

from collections.abc import Callable

from app.accounts.facts import SessionEnded
from app.core.base import Db
from app.core.errors import NotFound
from app.core.events import Fact
from app.core.ids import Id
from app.core.live import Drop, Push, TopicKind
from app.core.security import Principal
from app.orgs import queries, rules
from app.orgs.facts import InvitationRevoked, MemberInvited, MemberJoined, MemberRemoved, MemberRoleChanged

MEMBERS = "members:org"
BRANCHES = "branches:org"

Shown = list[Push | Drop]


def _may(action: str) -> Callable[[Principal, str], bool]:
    return lambda who, key: key == "org" and rules.may(who.role, action)


TOPICS = (
    TopicKind(name="members", log=True, may=_may("member.read"), region="/desk/members/region"),
    TopicKind(name="branches", log=True, may=_may("branch.read"), region="/desk/branches/region"),
)


async def member_changed(db: Db, fact: Fact) -> Shown:
    """The member's row as it is now; a member already gone takes the row along."""
    try:
        member = await queries.member_row(db, fact.id)
    except NotFound:
        return [_gone("member", fact.id)]
    return [
        Push(
            topic=MEMBERS,
            target="members",
            fragment="orgs/_member_row.html",
            context={"member": member},
        )
    ]


async def member_joined(db: Db, fact: MemberJoined) -> Shown:
    shown = await member_changed(db, fact)
    if fact.invitation_id is not None:
        shown.append(_gone("invitation", fact.invitation_id))
    return shown


async def rights_changed(db: Db, fact: MemberRoleChanged) -> Shown:
    """Their sockets come back with the new rights."""
    return [*await member_changed(db, fact), Drop(person_id=fact.id, code=1012)]


async def member_removed(_db: Db, fact: MemberRemoved) -> Shown:
    return [_gone("member", fact.id), Drop(person_id=fact.id, code=4403)]


async def session_ended(_db: Db, fact: SessionEnded) -> Shown:
    return [Drop(session_id=fact.id, code=4401)]


async def invitation_changed(db: Db, fact: MemberInvited | InvitationRevoked) -> Shown:
    try:
        invitation = await queries.invitation_row(db, fact.id)
    except NotFound:
        return [_gone("invitation", fact.id)]
    if invitation.state in ("accepted", "revoked"):
        return [_gone("invitation", fact.id)]
    return [
        Push(
            topic=MEMBERS,
            target="invitations",
            fragment="orgs/_invitation_row.html",
            context={"invitation": invitation},
        )
    ]


async def branch_changed(db: Db, fact: Fact) -> Shown:
    branch = await queries.branch_row(db, fact.id)
    if branch.archived_at is not None:
        return [Push(topic=BRANCHES, target=f"branch-{fact.id}", swap="remove")]
    return [Push(topic=BRANCHES, target="branches", fragment="orgs/_branch_row.html", context={"branch": branch})]


def _gone(kind: str, id_: Id) -> Push:
    return Push(topic=MEMBERS, target=f"{kind}-{id_}", swap="remove")
