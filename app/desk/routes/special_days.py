"""Days that differ: holidays, Ramadan, stocktaking. Looked at before they are applied, like every change of hours."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.core import dates, forms, render
from app.core.asks import Who, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.desk import hours
from app.desk.schemas import VersionForm
from app.sla import queries, service

Slug = Annotated[str, QueryParameter(max_length=63)]
Kind = Annotated[str, QueryParameter(max_length=20)]
_EDIT, _PREVIEW = "desk/hours/days.html", "desk/hours/preview.html"


@get("/desk/hours/days/new", access="org:sla.change")
async def show_new_days(
    request: Request[Any, Any, Any], db: WithDb, kind: Kind = "", branch: Slug = "", holiday: Slug = ""
) -> Response[Any]:
    values = await hours.new_days(db, render.choices(request).lang == "ur", kind, branch, holiday)
    return render.page(_EDIT, **await hours.days_context(db), form=forms.Form(values=values))


@post("/desk/hours/days", access="org:sla.change", status_code=303, **forms.again(_EDIT))
async def create_days(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    step, context = data.pop("step", ""), await hours.days_context(db)
    forms.filled(request, data, **context)
    if step == "edit":
        return render.page(_EDIT, **context, form=forms.Form(values=data))
    form = await hours.days_form(db, data)
    if step == "apply":
        await service.add_days(db, who.org_id, form)
        return render.redirect("/desk/hours", _("The days are kept. Open deadlines follow them now."))
    found = await hours.foreseen(db, who, await service.plan_days(db, form))
    return render.page(_PREVIEW, **context, **found, values=data, special=form, title=form.name,
                       action="/desk/hours/days", may_edit=True)  # fmt: skip


@get("/desk/hours/days/{days_id:uuid}", access="org:sla.change")
async def show_days(db: WithDb, days_id: FromPath[Id]) -> Response[Any]:
    row = await queries.special_row(db, days_id)
    values = await hours.days_values(db, row)
    return render.page(_EDIT, **await hours.days_context(db, row), form=forms.Form(values=values))


@post("/desk/hours/days/{days_id:uuid}", access="org:sla.change", status_code=303, **forms.again(_EDIT))
async def update_days(
    request: Request[Any, Any, Any], db: WithDb, who: Who, days_id: FromPath[Id], data: FormData
) -> Response[Any]:
    step, context = data.pop("step", ""), await hours.days_context(db, await queries.special_row(db, days_id))
    forms.filled(request, data, **context)
    if step == "edit":
        return render.page(_EDIT, **context, form=forms.Form(values=data))
    form = await hours.days_form(db, data)
    if step == "apply":
        await service.change_days(db, days_id, form)
        return render.redirect("/desk/hours", _("The days are kept. Open deadlines follow them now."))
    found = await hours.foreseen(db, who, await service.plan_changed_days(db, days_id, form))
    return render.page(_PREVIEW, **context, **found, values=data, special=form, title=form.name,
                       action=f"/desk/hours/days/{days_id}", may_edit=True)  # fmt: skip


@get("/desk/hours/days/{days_id:uuid}/removal", access="org:sla.change")
async def show_removal(db: WithDb, who: Who, days_id: FromPath[Id]) -> Response[Any]:
    row = await queries.special_row(db, days_id)
    found = await hours.foreseen(db, who, await service.plan_removal(db, days_id))
    return render.page(
        _PREVIEW, **await hours.days_context(db, row), **found, values=await hours.days_values(db, row),
        special=row, title=_("Remove these days"), action=f"/desk/hours/days/{days_id}/removal", may_edit=False,
    )  # fmt: skip


@post("/desk/hours/days/{days_id:uuid}/removal", access="org:sla.change", status_code=303)
async def delete_days(db: WithDb, days_id: FromPath[Id], data: FormData) -> Response[Any]:
    version = forms.read(VersionForm, {"version": data.get("version", "")}).version
    await service.remove_days(db, days_id, version=version)
    return render.redirect("/desk/hours", _("Removed. Open deadlines follow the usual hours now."))


@get("/desk/hours/suggestions/{holiday:str}", access="org:sla.change")
async def show_suggestion(
    request: Request[Any, Any, Any], db: WithDb, who: Who, holiday: FromPath[str]
) -> Response[Any]:
    """What it would move if it were accepted as it is."""
    values = await hours.new_days(db, render.choices(request).lang == "ur", "", "", holiday)
    form = await hours.days_form(db, values)
    found = await hours.foreseen(db, who, await service.plan_days(db, form))
    return render.page(_PREVIEW, **await hours.days_context(db), **found, values=values, special=form, title=form.name,
                       action="/desk/hours/days", may_edit=True)  # fmt: skip


@post("/desk/hours/suggestions/{holiday:str}/dismissal", access="org:sla.change", status_code=303)
async def create_dismissal(db: WithDb, who: Who, holiday: FromPath[str]) -> Response[Any]:
    await service.dismiss(db, who.org_id, await queries.suggestion(db, holiday, dates.today()))
    return render.redirect("/desk/hours", _("Dismissed. The usual hours hold on that day."))


ROUTES: list[Any] = [
    show_new_days, create_days, show_days, update_days, show_removal, delete_days, show_suggestion, create_dismissal,
]  # fmt: skip
