"""Every change to orgs, branches, members and invitations, and sign-in, which needs to know where to."""

from app.orgs.service.branches import change_branch, close_branch, open_branch
from app.orgs.service.demo import default_admin, seed
from app.orgs.service.invitations import accept, accept_and_sign_in, accept_for_tokens, invite, revoke
from app.orgs.service.members import add_user, change_member, end_member_sessions, remove_member
from app.orgs.service.orgs import change_org, close_org, create_org
from app.orgs.service.people import change_me, close_me, register, register_and_sign_in, register_for_tokens
from app.orgs.service.sign_in import sign_in, sign_in_for_tokens, switch_org, switch_org_for_tokens, tokens_for

__all__ = [
    "accept",
    "accept_and_sign_in",
    "accept_for_tokens",
    "add_user",
    "change_branch",
    "change_me",
    "change_member",
    "change_org",
    "close_branch",
    "close_me",
    "close_org",
    "create_org",
    "default_admin",
    "end_member_sessions",
    "invite",
    "open_branch",
    "register",
    "register_and_sign_in",
    "register_for_tokens",
    "remove_member",
    "revoke",
    "seed",
    "sign_in",
    "sign_in_for_tokens",
    "switch_org",
    "switch_org_for_tokens",
    "tokens_for",
]
