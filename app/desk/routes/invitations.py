"""The page behind an invitation's link."""

from typing import Any

from litestar import Request, Response, get, post

from app.core import forms, render, sessions
from app.core.base import Db
from app.core.devices import device_of
from app.core.forms import FormData
from app.core.i18n import _
from app.core.security import Principal
from app.orgs import queries, service
from app.orgs.schemas import AcceptForm


@get("/invitations/{code:str}", access="public")
async def show_invitation(code: str, visitor: Principal | None) -> Response[Any]:
    offer = await queries.preview(code)
    return render.page("desk/invitation.html", form=forms.EMPTY, offer=offer, code=code, visitor=visitor)


@post("/invitations/{code:str}", access="public", limit="login", status_code=303, **forms.again("desk/invitation.html"))
async def create_membership(
    request: Request[Any, Any, Any], db: Db, code: str, data: FormData, visitor: Principal | None
) -> Response[Any]:
    offer = await queries.preview(code)
    forms.filled(request, data, offer=offer, code=code, visitor=visitor)
    form = forms.read(AcceptForm, {**data, "code": code})
    signed_in = await service.accept_and_sign_in(db, form, visitor, device_of(request))
    answer = render.redirect("/start", _("Welcome to the team."))
    answer.cookies.append(sessions.cookie(signed_in.token))
    return answer


ROUTES: list[Any] = [show_invitation, create_membership]
