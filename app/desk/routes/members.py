"""The members screen: who works here, in which role; alive in every open tab."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from app.core import forms, render
from app.core.asks import AnyRequest, Who, WithDb
from app.core.base import Db
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal, may
from app.orgs import queries, rules, service
from app.orgs.schemas import InvitationForm, MemberPatch

Search = Annotated[str, QueryParameter(name="q", max_length=80)]


_CHANGE = {"status_code": 303, **forms.again("desk/members/member.html")}
_STATUS_IS = {
    "active": _("This member may work again."),
    "disabled": _("This member is switched off and signed out."),
}


class RoleForm(Struct, frozen=True, forbid_unknown_fields=True):
    role: str
    branch_id: Id | None = None


class AccessForm(Struct, frozen=True, forbid_unknown_fields=True):
    status: Literal["active", "disabled"]


@get("/desk/members", access="org:member.read")
async def show_members(db: WithDb, who: Who, q: Search = "") -> Response[Any]:
    return render.page(
        "desk/members/page.html", **await _region(db, who, q), **await _choices(db, who), form=forms.EMPTY
    )


@get("/desk/members/region", access="org:member.read", include_in_schema=False)
async def show_members_region(db: WithDb, who: Who, q: Search = "") -> Response[Any]:
    """The list alone: for searching, and for a screen that has to start afresh."""
    return render.page("desk/members/_region.html", **await _region(db, who, q))


@get("/desk/members/{member_id:uuid}", access="org:member.read")
async def show_member(db: WithDb, who: Who, member_id: FromPath[UUID]) -> Response[Any]:
    return render.page("desk/members/member.html", **await _member(db, who, member_id), form=forms.EMPTY)


@post("/desk/invitations", access="org:invitation.send", status_code=200, **forms.again("desk/members/_invite.html"))
async def create_invitation(request: AnyRequest, db: WithDb, who: Who, data: FormData) -> Response[Any]:
    choices = await _choices(db, who)
    forms.filled(request, data, **choices)
    form = forms.read(InvitationForm, data)
    await service.invite(db, who, form)
    return render.page("desk/members/_invite.html", form=forms.EMPTY, **{**choices, "sent": form.email})


@post("/desk/invitations/{invitation_id:uuid}/revocation", access="org:invitation.revoke", status_code=200)
async def create_revocation(request: AnyRequest, db: WithDb, invitation_id: FromPath[UUID]) -> Response[Any]:
    """The row leaves by its push; without scripts the page comes again."""
    await service.revoke(db, invitation_id)
    if request.headers.get("hx-request"):
        return Response(b"", status_code=204)
    return render.redirect("/desk/members", _("The invitation is withdrawn."))


@post("/desk/members/{member_id:uuid}/role", access="org:member.change", **_CHANGE)
async def update_role(
    request: AnyRequest, db: WithDb, who: Who, member_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    form = forms.read(RoleForm, forms.filled(request, data, **await _member(db, who, member_id)))
    await service.change_member(db, who, member_id, MemberPatch(role=form.role, branch_id=form.branch_id))
    return render.redirect("/desk/members", _("Saved."))


@post("/desk/members/{member_id:uuid}/status", access="org:member.change", **_CHANGE)
async def update_status(
    request: AnyRequest, db: WithDb, who: Who, member_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    form = forms.read(AccessForm, forms.filled(request, data, **await _member(db, who, member_id)))
    await service.change_member(db, who, member_id, MemberPatch(status=form.status))
    return render.redirect("/desk/members", _STATUS_IS[form.status])


@post("/desk/members/{member_id:uuid}/removal", access="org:member.remove", **_CHANGE)
async def delete_member(request: AnyRequest, db: WithDb, who: Who, member_id: FromPath[UUID]) -> Response[Any]:
    forms.keep(request, **await _member(db, who, member_id))
    await service.remove_member(db, who, member_id)
    return render.redirect("/desk/members", _("The member is removed."))


async def _member(db: Db, who: Principal, member_id: Id) -> dict[str, Any]:
    member = await queries.member_row(db, member_id, masked=_masked(who))
    return {
        "member": member,
        "mine": member.id == who.person_id,
        "reachable": rules.reaches(who.role, member.role),
        **await _choices(db, who),
    }


def _masked(who: Principal) -> bool:
    return rules.clearance(who.role) == "desk-contact"


async def _region(db: Db, who: Principal, q: str) -> dict[str, Any]:
    members = await queries.members(db, q=q, masked=_masked(who), limit=100)
    heads = may(who.role, "invitation.read")
    invitations = await queries.invitations(db, limit=100) if heads and not q else None
    return {
        "members": members.items,
        "invitations": invitations.items if invitations else [],
        "position": members.position,
        "q": q,
        "heads": heads,
        "clearance": rules.clearance(who.role),
    }


async def _choices(db: Db, who: Principal) -> dict[str, Any]:
    """Roles this person may give, and the branches there are."""
    branches = await queries.branches(db, limit=100)
    roles = [role for role in rules.ROLES[who.org_kind] if rules.reaches(who.role, role)]
    return {
        "branches": branches.items,
        "roles": roles,
        "may_invite": may(who.role, "invitation.send"),
        "may_change": may(who.role, "member.change"),
        "sent": None,
    }


ROUTES: list[Any] = [
    show_members, show_members_region, show_member, create_invitation, create_revocation, update_role,
    update_status, delete_member,
]  # fmt: skip
