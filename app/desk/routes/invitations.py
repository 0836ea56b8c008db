"""The page behind an invitation's link."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import devices, forms, render, sessions
from app.core.asks import Visitor, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.orgs import queries, service
from app.orgs.schemas import AcceptForm


@get("/invitations/{code:str}", access="public")
async def show_invitation(code: FromPath[str], visitor: Visitor) -> Response[Any]:
    offer = await queries.preview(code)
    return render.page("desk/invitation.html", form=forms.EMPTY, offer=offer, code=code, visitor=visitor)


@post("/invitations/{code:str}", access="public", limit="login", status_code=303, **forms.again("desk/invitation.html"))
async def create_membership(
    request: Request[Any, Any, Any], db: WithDb, code: FromPath[str], data: FormData, visitor: Visitor
) -> Response[Any]:
    offer = await queries.preview(code)
    forms.filled(request, data, offer=offer, code=code, visitor=visitor)
    form, device = forms.read(AcceptForm, {**data, "code": code}), devices.lasting(request)
    signed_in = await service.accept_and_sign_in(db, form, visitor, device)
    answer = render.redirect("/start", _("Welcome to the team."))
    answer.cookies += [sessions.cookie(signed_in.token), devices.cookie(device)]
    return answer


ROUTES: list[Any] = [show_invitation, create_membership]
