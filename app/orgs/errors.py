"""Refusals of orgs, branches, members and invitations."""

from app.core.errors import Refused


class EmailTaken(Refused, status=409, code="email_taken", says="There is already an account with this e-mail address."):
    def __init__(self) -> None:
        super().__init__(errors=[{"field": "email", "message": self.says}])


class SlugTaken(Refused, status=409, code="slug_taken", says="This short name is taken."):
    def __init__(self) -> None:
        super().__init__(errors=[{"field": "slug", "message": self.says}])


class LastOwner(Refused, status=409, code="last_owner", says="Make somebody else owner first."):
    pass


class AboveYou(Refused, status=403, code="above_you", says="You can only give and change roles up to your own."):
    pass


class AlreadyMember(Refused, status=409, code="already_member", says="This person is already a member."):
    pass


class InvitationUsedUp(
    Refused,
    status=410,
    code="invitation_used_up",
    says="This invitation is no longer good.",
):
    pass


class InvitationForAnother(
    Refused, status=403, code="invitation_for_another", says="This invitation was sent to another e-mail address."
):
    pass


class BranchInUse(
    Refused,
    status=409,
    code="branch_in_use",
    says="Move this branch's members to another branch first.",
):
    pass
