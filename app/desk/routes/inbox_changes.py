"""What is done to one lead from the inbox. Screens follow by push; the answer only says what happened."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, post
from litestar.params import FromPath
from msgspec import Struct

from app.core import error_handlers, forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.errors import Invalid, Refused
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.desk import inbox
from app.desk.routes.inbox import normal
from app.leads import queries, service
from app.leads.schemas import AssignForm, MergeForm, MoveForm, PauseForm, PauseReason, SnoozeForm, StatusForm, Version
from app.orgs import queries as orgs

_HERE = ZoneInfo("Asia/Karachi")


class AssigneeForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Nobody gives the lead back to the queue."""

    assignee_id: Id | None = None
    version: Version | None = None


class PausedForm(Struct, frozen=True, forbid_unknown_fields=True):
    """`until` as a date and time field sends it."""

    reason: PauseReason
    until: str | None = None


class MomentForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A named moment, or a date and time as people here write it; neither wakes the lead."""

    choice: str | None = None
    until: str | None = None


def refused(request: Request[Any, Any, Any], refusal: Refused) -> Response[Any]:
    """Said in a toast over the page as it stands; without scripts on the lead's page, loaded again."""
    if not normal(refusal):
        return error_handlers.handle(request, refusal)
    said = inbox.sentence(refusal)
    if request.headers.get("hx-request"):
        return render.page("desk/inbox/_said.html", said=said, tone="warn", batch_id=None).sent(refusal.status)
    lead_id = request.path_params.get("lead_id")
    return render.redirect(f"/desk/inbox/{lead_id}" if lead_id else "/desk/inbox", said, "warn")


CHANGE: dict[str, Any] = {"status_code": 200, "exception_handlers": {Refused: refused}}


async def done(
    request: Request[Any, Any, Any], db: Db, who: Principal, lead_id: Id, said: str, *, back: bool = True
) -> Response[Any]:
    """A toast, with Undo where the action can be taken `back`."""
    if not request.headers.get("hx-request"):
        return render.redirect(f"/desk/inbox/{lead_id}", said)
    headers = await inbox.versioned(db, lead_id)
    batch_id = await queries.last_batch(db, lead_id, who.person_id) if back else None
    return render.page("desk/inbox/_said.html", said=said, tone="ok", batch_id=batch_id).sent(headers=headers)


@post("/desk/inbox/{lead_id:uuid}/claim", access="org:lead.claim", **CHANGE)
async def create_claim(request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id]) -> Response[Any]:
    await service.claim(db, who, lead_id)
    return await done(request, db, who, lead_id, _("This lead is yours."))


@post("/desk/inbox/{lead_id:uuid}/assignee", access="org:lead.assign", **CHANGE)
async def update_assignee(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(AssigneeForm, data)
    await service.assign(db, who, lead_id, AssignForm(assignee_id=form.assignee_id, version=form.version))
    said = _("Handed over.") if form.assignee_id else _("Back in the queue.")
    return await done(request, db, who, lead_id, said)


@post("/desk/inbox/{lead_id:uuid}/status", access="org:lead.change", **CHANGE)
async def update_status(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(StatusForm, data)
    await service.change_status(db, who, lead_id, form)
    return await done(request, db, who, lead_id, _STATUS_SAID.get(form.status, _("Stage changed.")))


_STATUS_SAID = {"won": _("Sold. Well done."), "lost": _("Closed as lost."), "spam": _("Marked as spam.")}


@post("/desk/inbox/{lead_id:uuid}/snooze", access="org:lead.change", **CHANGE)
async def update_snooze(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(MomentForm, data)
    await service.snooze(db, who, lead_id, SnoozeForm(choice=form.choice, until=_moment(form.until)))
    said = _("Snoozed.") if form.choice or form.until else _("Back in the inbox.")
    return await done(request, db, who, lead_id, said)


def _moment(text: str | None) -> datetime | None:
    """What a date and time field sends: no zone, for it is ours. Raises Invalid."""
    if not text:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid([{"field": "until", "message": _("This does not look right.")}]) from None
    return given if given.tzinfo else given.replace(tzinfo=_HERE)


@post("/desk/inbox/{lead_id:uuid}/pause", access="org:lead.change", **CHANGE)
async def create_pause(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    form = forms.read(PausedForm, data)
    await service.pause(db, who, lead_id, PauseForm(reason=form.reason, until=_moment(form.until)))
    return await done(request, db, who, lead_id, _("The clock stands."), back=False)


@post("/desk/inbox/{lead_id:uuid}/resuming", access="org:lead.change", **CHANGE)
async def create_resuming(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id]
) -> Response[Any]:
    await service.resume(db, who, lead_id)
    return await done(request, db, who, lead_id, _("The clock runs again."), back=False)


@post("/desk/inbox/{lead_id:uuid}/branch", access="org:lead.assign", **CHANGE)
async def update_branch(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    """Whoever sees only the branch it left is taken back to the list."""
    form = forms.read(MoveForm, data)
    await service.move(db, who, lead_id, form)
    branch = (await orgs.branch_row(db, form.branch_id)).name
    if who.branch_id is None:
        return await done(request, db, who, lead_id, _("Moved to %(branch)s. Nobody has it there yet.", branch=branch))
    answer = render.redirect("/desk/inbox", _("Moved to %(branch)s: it is in their inbox now.", branch=branch))
    if request.headers.get("hx-request"):
        answer.status_code, answer.headers["hx-redirect"] = 200, answer.headers["location"]
    return answer


@post("/desk/inbox/{lead_id:uuid}/archiving", access="org:lead.change", **CHANGE)
async def create_archiving(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id]
) -> Response[Any]:
    await service.archive(db, who, lead_id)
    return await done(request, db, who, lead_id, _("Archived."))


@post("/desk/inbox/{lead_id:uuid}/restoring", access="org:lead.change", **CHANGE)
async def create_restoring(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id]
) -> Response[Any]:
    await service.restore(db, who, lead_id)
    return await done(request, db, who, lead_id, _("Out of the archive."))


@post("/desk/inbox/{lead_id:uuid}/merger", access="org:lead.merge", **CHANGE)
async def create_merger(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], data: FormData
) -> Response[Any]:
    """Into another lead, whose page comes next."""
    form = forms.read(MergeForm, data)
    await service.merge(db, who, lead_id, form.into_id)
    answer = render.redirect(f"/desk/inbox/{form.into_id}", _("Merged. It can be undone for 24 hours."))
    if request.headers.get("hx-request"):
        answer.status_code, answer.headers["hx-redirect"] = 200, answer.headers["location"]
    return answer


@post("/desk/inbox/{lead_id:uuid}/separation", access="org:lead.merge", **CHANGE)
async def create_separation(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id]
) -> Response[Any]:
    await service.unmerge(db, who, lead_id)
    return await done(request, db, who, lead_id, _("The two leads are apart again."), back=False)


ROUTES: list[Any] = [
    create_claim, update_assignee, update_status, update_snooze, create_archiving, create_restoring, create_merger,
    create_separation, create_pause, create_resuming, update_branch,
]  # fmt: skip
