"""One's own page: name, language and look, password, where one is signed in."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import queries as accounts
from app.accounts import service as account_service
from app.accounts.schemas import MePatch, PasswordForm
from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.forms import FormData
from app.core.i18n import _
from app.core.security import Principal
from app.orgs import queries, service


@get("/me", access="person")
async def show_me(db: WithDb, who: Who) -> Response[Any]:
    context = await _page(db, who)
    me = context["me"]
    values = {"name": me.name, "phone": me.phone or "", "lang": me.lang or "", "digits": me.digits or ""}
    return render.page("desk/me.html", **context, form=forms.Form(values=values), password_form=forms.EMPTY)


@post("/me", access="person", status_code=303, **forms.again("desk/me.html"))
async def update_me(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    forms.filled(request, data, **await _page(db, who), password_form=forms.EMPTY)
    await service.change_me(db, forms.read(MePatch, data))
    return render.redirect("/me", _("Saved."))


@post("/me/password", access="person", limit="login", status_code=303, **forms.again("desk/password.html"))
async def update_password(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    form = forms.read(PasswordForm, forms.filled(request, data))
    await account_service.change_password(db, form, keep=who.session_id)
    return render.redirect("/me", _("Your password is changed. Other devices are signed out."))


@get("/me/password", access="person")
async def show_password() -> Response[Any]:
    return render.page("desk/password.html", form=forms.EMPTY)


@post("/me/sessions/{session_id:uuid}/end", access="person", status_code=303)
async def delete_session(db: WithDb, session_id: FromPath[UUID]) -> Response[Any]:
    await account_service.end_my_session(db, session_id)
    return render.redirect("/me", _("That device is signed out."))


@post("/me/sessions/end", access="person", status_code=303)
async def delete_other_sessions(db: WithDb, who: Who) -> Response[Any]:
    await account_service.end_my_sessions(db, reason="ended", keep=who.session_id)
    return render.redirect("/me", _("Every other device is signed out."))


async def _page(db: Db, who: Principal) -> dict[str, Any]:
    return {
        "me": await accounts.me(db),
        "devices": await accounts.my_sessions(db, current=who.session_id),
        "memberships": await queries.memberships_of(who.person_id, acting_in=who.org_id),
    }


ROUTES: list[Any] = [
    show_me, update_me, show_password, update_password, delete_session, delete_other_sessions,
]  # fmt: skip
