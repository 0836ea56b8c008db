"""The branches screen: where this org sells cars."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.forms import FormData
from app.core.i18n import _
from app.core.security import Principal, may
from app.orgs import queries, service
from app.orgs.schemas import BranchForm, BranchPatch


@get("/desk/branches", access="org:branch.read")
async def show_branches(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/branches/page.html", **await _region(db, who), may_open=may(who.role, "branch.open"))


@get("/desk/branches/region", access="org:branch.read", include_in_schema=False)
async def show_branches_region(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/branches/_region.html", **await _region(db, who))


async def _region(db: Db, who: Principal) -> dict[str, Any]:
    found = await queries.branches(db, limit=100)
    return {"branches": found.items, "position": found.position, "heads": may(who.role, "branch.change")}


@get("/desk/branches/new", access="org:branch.open")
async def show_new_branch() -> Response[Any]:
    return render.page("desk/branches/edit.html", form=forms.EMPTY, branch=None)


@post("/desk/branches", access="org:branch.open", status_code=303, **forms.again("desk/branches/edit.html"))
async def create_branch(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    form = forms.read(BranchForm, forms.filled(request, data, branch=None))
    await service.open_branch(db, who.org_id, form)
    return render.redirect("/desk/branches", _("The branch is open."))


@get("/desk/branches/{branch_id:uuid}", access="org:branch.change")
async def show_branch(db: WithDb, branch_id: FromPath[UUID]) -> Response[Any]:
    branch = await queries.branch_row(db, branch_id)
    values = {name: getattr(branch, name) or "" for name in ("name", "city", "address", "phone", "whatsapp")}
    return render.page("desk/branches/edit.html", form=forms.Form(values=values), branch=branch)


@post(
    "/desk/branches/{branch_id:uuid}",
    access="org:branch.change", status_code=303, **forms.again("desk/branches/edit.html"),
)  # fmt: skip
async def update_branch(
    request: Request[Any, Any, Any], db: WithDb, branch_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    forms.filled(request, data, branch=await queries.branch_row(db, branch_id))
    await service.change_branch(db, branch_id, forms.read(BranchPatch, data))
    return render.redirect("/desk/branches", _("Saved."))


@post(
    "/desk/branches/{branch_id:uuid}/closing",
    access="org:branch.close", status_code=303, **forms.again("desk/branches/edit.html"),
)  # fmt: skip
async def delete_branch(request: Request[Any, Any, Any], db: WithDb, branch_id: FromPath[UUID]) -> Response[Any]:
    forms.keep(request, branch=await queries.branch_row(db, branch_id))
    await service.close_branch(db, branch_id)
    return render.redirect("/desk/branches", _("The branch is closed. Its history stays."))


ROUTES: list[Any] = [
    show_branches, show_branches_region, show_new_branch, create_branch, show_branch, update_branch, delete_branch,
]  # fmt: skip
