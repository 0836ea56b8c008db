"""Every read of orgs, branches, members, invitations, and of who is asking."""

from app.orgs.queries.invitations import (
    invitation_by_code,
    invitation_for_change,
    invitation_row,
    invitations,
    open_invitations_to,
    preview,
)
from app.orgs.queries.members import is_member, member_row, members, membership_for_change, other_owners
from app.orgs.queries.orgs import (
    active_members_of,
    branch_for_change,
    branch_id_of,
    branch_row,
    branches,
    org_card,
    org_for_change,
    org_id_of,
    platform_id,
    require_branch,
)
from app.orgs.queries.principals import by_claims, by_cookie, head_of, memberships_of, recheck, working_org

__all__ = [
    "active_members_of",
    "branch_for_change",
    "branch_id_of",
    "branch_row",
    "branches",
    "by_claims",
    "by_cookie",
    "head_of",
    "invitation_by_code",
    "invitation_for_change",
    "invitation_row",
    "invitations",
    "is_member",
    "member_row",
    "members",
    "membership_for_change",
    "memberships_of",
    "open_invitations_to",
    "org_card",
    "org_for_change",
    "org_id_of",
    "other_owners",
    "platform_id",
    "preview",
    "recheck",
    "require_branch",
    "working_org",
]
