"""Answer times: the rules by which deadlines of new leads are set, and a try at which of them would apply."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal, may
from app.desk import answer_times
from app.desk.routes.inbox_many import ManyData
from app.orgs import queries as orgs
from app.sla import queries, service

Word = Annotated[str, QueryParameter(max_length=63)]
_EDIT = "desk/sla/edit.html"


@get("/desk/sla", access="org:sla.read")
async def show_rules(
    db: WithDb, who: Who, source: Word = "", branch: Word = "", priority: Word = "", price: Word = ""
) -> Response[Any]:
    """With a `source`, also which rule such a lead would get."""
    asked = {"source": source, "branch": branch, "priority": priority, "price": price}
    found, errors = await answer_times.tried(db, **asked) if source else (None, {})
    return render.page(
        "desk/sla/page.html", **await _region(db, who), **await answer_times.context(db, None),
        form=forms.Form(values=asked, errors=errors), found=found,
    )  # fmt: skip


@get("/desk/sla/region", access="org:sla.read", include_in_schema=False)
async def show_rules_region(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/sla/_region.html", **await _region(db, who))


async def _region(db: Db, who: Principal) -> dict[str, Any]:
    position = (await orgs.branches(db, limit=1)).position
    return {"screen": await queries.rules_screen(db), "position": position, "heads": may(who.role, "sla.change")}


@get("/desk/sla/new", access="org:sla.change")
async def show_new_rule(db: WithDb) -> Response[Any]:
    return render.page(_EDIT, **await answer_times.context(db, None), form=forms.EMPTY)


@post("/desk/sla", access="org:sla.change", status_code=303, **forms.again(_EDIT))
async def create_rule(request: Request[Any, Any, Any], db: WithDb, who: Who, data: ManyData) -> Response[Any]:
    given = forms.filled(request, answer_times.tidy(data), **await answer_times.context(db, None))
    await service.add_policy(db, who.org_id, answer_times.policy_form(given))
    return render.redirect("/desk/sla", _("The rule is kept. It holds for what begins from now on."))


@get("/desk/sla/{policy_id:uuid}", access="org:sla.change")
async def show_rule(db: WithDb, policy_id: FromPath[Id]) -> Response[Any]:
    row = await queries.policy_row(db, policy_id)
    form = forms.Form(values=answer_times.values_of(row))
    return render.page(_EDIT, **await answer_times.context(db, row), form=form)


@post("/desk/sla/{policy_id:uuid}", access="org:sla.change", status_code=303, **forms.again(_EDIT))
async def update_rule(
    request: Request[Any, Any, Any], db: WithDb, policy_id: FromPath[Id], data: ManyData
) -> Response[Any]:
    context = await answer_times.context(db, await queries.policy_row(db, policy_id))
    given = forms.filled(request, answer_times.tidy(data), **context)
    await service.change_policy(db, policy_id, answer_times.policy_form(given))
    return render.redirect("/desk/sla", _("Saved. Deadlines that run already stay as they are."))


@post("/desk/sla/{policy_id:uuid}/place", access="org:sla.change", status_code=303)
async def update_place(db: WithDb, policy_id: FromPath[Id], data: FormData) -> Response[Any]:
    await service.move_policy(db, policy_id, -1 if data.get("to") == "up" else 1)
    return render.redirect("/desk/sla", _("The order is changed."))


@post("/desk/sla/{policy_id:uuid}/removal", access="org:sla.change", status_code=303)
async def delete_rule(db: WithDb, policy_id: FromPath[Id]) -> Response[Any]:
    await service.remove_policy(db, policy_id)
    return render.redirect("/desk/sla", _("The rule is removed. Deadlines that run already stay as they are."))


ROUTES: list[Any] = [
    show_rules, show_rules_region, show_new_rule, create_rule, show_rule, update_rule, update_place, delete_rule,
]  # fmt: skip
