"""What happens to orgs, branches, members and invitations."""

from app.core.events import Fact
from app.core.ids import Id


class OrgCreated(Fact, tag="org.created", frozen=True, kw_only=True):
    pass


class OrgChanged(Fact, tag="org.changed", frozen=True, kw_only=True):
    pass


class OrgClosed(Fact, tag="org.closed", frozen=True, kw_only=True):
    pass


class BranchOpened(Fact, tag="branch.opened", frozen=True, kw_only=True):
    pass


class BranchChanged(Fact, tag="branch.changed", frozen=True, kw_only=True):
    pass


class BranchClosed(Fact, tag="branch.closed", frozen=True, kw_only=True):
    pass


class MemberInvited(Fact, tag="member.invited", frozen=True, kw_only=True):
    """`id` is the invitation's: the person may not exist yet."""


class InvitationRevoked(Fact, tag="invitation.revoked", frozen=True, kw_only=True):
    pass


class MemberJoined(Fact, tag="member.joined", frozen=True, kw_only=True):
    """`id` of this and every other member fact is the person's."""

    invitation_id: Id | None = None


class MemberRoleChanged(Fact, tag="member.role_changed", frozen=True, kw_only=True):
    """Role or branch: what they may do or see."""


class MemberRenamed(Fact, tag="member.renamed", frozen=True, kw_only=True):
    """Name, phone or e-mail as the org sees them."""


class MemberDisabled(Fact, tag="member.disabled", frozen=True, kw_only=True):
    pass


class MemberEnabled(Fact, tag="member.enabled", frozen=True, kw_only=True):
    pass


class MemberRemoved(Fact, tag="member.removed", frozen=True, kw_only=True):
    pass
