"""Canned replies: what the heads of a dealership keep for everybody's composer."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.forms import Form, FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import may
from app.leads import queries, rules, service
from app.leads.schemas import TemplateForm

_FIELDS = ("key", "title", "body_en", "body_ur", "body_roman")


@get("/desk/replies", access="org:reply_template.read")
async def show_replies(db: WithDb, who: Who) -> Response[Any]:
    found = await queries.templates(db)
    return render.page("desk/replies/page.html", found=found, heads=may(who.role, "reply_template.change"))


@get("/desk/replies/new", access="org:reply_template.change")
async def show_new_reply() -> Response[Any]:
    return render.page("desk/replies/edit.html", form=forms.EMPTY, reply=None, variables=rules.VARIABLES)


@post("/desk/replies", access="org:reply_template.change", status_code=303, **forms.again("desk/replies/edit.html"))
async def create_reply_template(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    form = forms.read(TemplateForm, forms.filled(request, data, reply=None, variables=rules.VARIABLES))
    await service.add_template(db, who.org_id, form)
    return render.redirect("/desk/replies", _("The reply is kept."))


@get("/desk/replies/{template_id:uuid}", access="org:reply_template.change")
async def show_reply(db: WithDb, template_id: FromPath[Id]) -> Response[Any]:
    reply = await queries.template_row(db, template_id)
    values = {name: getattr(reply, name) for name in _FIELDS}
    return render.page("desk/replies/edit.html", form=Form(values=values), reply=reply, variables=rules.VARIABLES)


@post(
    "/desk/replies/{template_id:uuid}",
    access="org:reply_template.change", status_code=303, **forms.again("desk/replies/edit.html"),
)  # fmt: skip
async def update_reply_template(
    request: Request[Any, Any, Any], db: WithDb, template_id: FromPath[Id], data: FormData
) -> Response[Any]:
    reply = await queries.template_row(db, template_id)
    form = forms.read(TemplateForm, forms.filled(request, data, reply=reply, variables=rules.VARIABLES))
    await service.change_template(db, template_id, form)
    return render.redirect("/desk/replies", _("Saved."))


@post("/desk/replies/{template_id:uuid}/removal", access="org:reply_template.change", status_code=303)
async def delete_reply_template(db: WithDb, template_id: FromPath[Id]) -> Response[Any]:
    await service.remove_template(db, template_id)
    return render.redirect("/desk/replies", _("The reply is removed."))


ROUTES: list[Any] = [
    show_replies, show_new_reply, create_reply_template, show_reply, update_reply_template, delete_reply_template,
]  # fmt: skip
