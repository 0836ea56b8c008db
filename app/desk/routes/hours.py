"""Opening hours: when each branch is open, now and in its week. Every change is looked at before it is applied."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.desk import hours
from app.desk.schemas import VersionForm
from app.orgs import queries as orgs
from app.orgs.schemas import BranchRow
from app.sla import queries, service

Slug = Annotated[str, QueryParameter(max_length=63)]
_WEEK, _PREVIEW = "desk/hours/week.html", "desk/hours/preview.html"


@get("/desk/hours", access="org:sla.read")
async def show_hours(db: WithDb, who: Who, branch: Slug = "") -> Response[Any]:
    return render.page("desk/hours/page.html", **await hours.region(db, who, branch))


@get("/desk/hours/region", access="org:sla.read", include_in_schema=False)
async def show_hours_region(db: WithDb, who: Who, branch: Slug = "") -> Response[Any]:
    return render.page("desk/hours/_region.html", **await hours.region(db, who, branch))


@get("/desk/hours/week", access="org:sla.change")
async def show_week(db: WithDb, branch: Slug = "") -> Response[Any]:
    context = await hours.week_context(db, await hours.branch_of(db, branch))
    return render.page(_WEEK, **context, form=forms.Form(values=context["hours"].week))


@post("/desk/hours/week", access="org:sla.change", status_code=303, **forms.again(_WEEK))
async def update_week(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """Looked at first; `step` applies it, goes back to the form, or gives one day's hours to the days after it."""
    step, branch = data.pop("step", ""), await hours.branch_of(db, data.pop("branch", ""))
    context = await hours.week_context(db, branch)
    forms.filled(request, data, **context)
    if step == "edit" or step.startswith("copy-"):
        values = hours.copied(data, step.removeprefix("copy-"))
        return render.page(_WEEK, **context, form=forms.Form(values=values))
    form = hours.week_form(data, branch)
    if step == "apply":
        await service.set_hours(db, who.org_id, form)
        return render.redirect(_back(branch), _("The hours are kept. Open deadlines follow them now."))
    found = await hours.foreseen(db, who, await service.plan_hours(db, form))
    return render.page(
        _PREVIEW, **context, **found, values=data, title=_("Check the new hours"), action="/desk/hours/week",
        special=None, may_edit=True,
    )  # fmt: skip


@get("/desk/hours/{branch_id:uuid}/following", access="org:sla.change")
async def show_following(db: WithDb, who: Who, branch_id: FromPath[Id]) -> Response[Any]:
    """What it would move if the branch gave up its own week."""
    context = await hours.week_context(db, await orgs.branch_row(db, branch_id))
    found = await hours.foreseen(db, who, await service.plan_following(db, branch_id))
    org = await queries.hours_row(db, None)
    values = {**org.week, "version": str(context["hours"].version)}
    return render.page(
        _PREVIEW, **context, **found, values=values, title=_("Follow the dealership again"),
        action=f"/desk/hours/{branch_id}/following", special=None, may_edit=False,
    )  # fmt: skip


@post("/desk/hours/{branch_id:uuid}/following", access="org:sla.change", status_code=303)
async def update_following(db: WithDb, who: Who, branch_id: FromPath[Id], data: FormData) -> Response[Any]:
    branch = await orgs.branch_row(db, branch_id)
    version = forms.read(VersionForm, {"version": data.get("version", "")}).version
    await service.follow_org(db, who.org_id, branch_id, version=version)
    return render.redirect(_back(branch), _("The branch follows the dealership's hours again."))


def _back(branch: BranchRow | None) -> str:
    return f"/desk/hours?branch={branch.slug}" if branch else "/desk/hours"


ROUTES: list[Any] = [show_hours, show_hours_region, show_week, update_week, show_following, update_following]
