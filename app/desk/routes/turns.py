"""Who gets new leads: how each branch deals them, who is on duty, one's own word."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.core import clock, forms, lists, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.errors import NotFound
from app.core.forms import Form, FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal, may
from app.desk.inbox import topic_key
from app.leads import queries, service
from app.leads.schemas import Capacity, CapacityForm, DutyForm, RoundForm, Version

_EDIT = "desk/turns/edit.html"


class TurnsForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A box that is not ticked sends nothing."""

    capacity: Capacity = 10
    turns: bool = False
    version: Version | None = None


class OwnForm(Struct, frozen=True, forbid_unknown_fields=True):
    on_duty: bool = False
    stays: bool = False


class PersonForm(Struct, frozen=True, forbid_unknown_fields=True):
    capacity: Capacity | None = None


@get("/desk/turns", access="org:lead.read")
async def show_turns(db: WithDb, who: Who) -> Response[Any]:
    context = await _region(db, who)
    mine = next((one for one in context["people"] if one.person_id == who.person_id), None)
    return render.page("desk/turns/page.html", **context, mine=mine, works=may(who.role, "lead.claim"))


@get("/desk/turns/region", access="org:lead.read", include_in_schema=False)
async def show_turns_region(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/turns/_region.html", **await _region(db, who))


async def _region(db: Db, who: Principal) -> dict[str, Any]:
    position = await lists.position(db)
    return {
        "position": position,
        "key": topic_key(who),
        "rounds": await queries.rounds(db, within=who.branch_id),
        "people": await queries.on_duty(db, who.branch_id, clock.now()),
        "heads": may(who.role, "lead_round.change"),
    }


@post("/desk/turns/mine", access="org:lead.claim", status_code=303)
async def update_own_duty(db: WithDb, who: Who, data: FormData) -> Response[Any]:
    form = forms.read(OwnForm, data)
    await service.set_duty(db, who, DutyForm(on_duty=form.on_duty, stays=form.stays))
    return render.redirect("/desk/turns", _("You take new leads.") if form.on_duty else _("You get no new leads now."))


@get("/desk/turns/{branch_id:uuid}", access="org:lead_round.change")
async def show_round(db: WithDb, who: Who, branch_id: FromPath[Id]) -> Response[Any]:
    context = await _round(db, who, branch_id)
    ruled = context["ruled"]
    values = {"turns": "1" if ruled.turns else "", "capacity": str(ruled.capacity), "version": str(ruled.version)}
    return render.page(_EDIT, form=Form(values=values), **context)


@post("/desk/turns/{branch_id:uuid}", access="org:lead_round.change", status_code=303, **forms.again(_EDIT))
async def update_round(
    request: Request[Any, Any, Any], db: WithDb, who: Who, branch_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(TurnsForm, forms.filled(request, data, **await _round(db, who, branch_id)))
    told = RoundForm(turns=form.turns, capacity=form.capacity, version=form.version)
    await service.set_round(db, who, branch_id, told)
    return render.redirect("/desk/turns", _("Saved."))


@post("/desk/turns/people/{person_id:uuid}", access="org:lead_round.change", status_code=303)
async def update_capacity(db: WithDb, who: Who, person_id: FromPath[Id], data: FormData) -> Response[Any]:
    form = forms.read(PersonForm, data)
    await service.set_capacity(db, who, person_id, CapacityForm(capacity=form.capacity))
    return render.redirect("/desk/turns", _("Saved."))


async def _round(db: Db, who: Principal, branch_id: Id) -> dict[str, Any]:
    if who.branch_id not in (None, branch_id):
        raise NotFound
    return {
        "ruled": await queries.round_of(db, branch_id),
        "people": await queries.on_duty(db, branch_id, clock.now()),
    }


ROUTES: list[Any] = [
    show_turns, show_turns_region, update_own_duty, show_round, update_round, update_capacity,
]  # fmt: skip
