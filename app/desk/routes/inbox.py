"""The inbox: the screen of leads that sales staff keep open all day. What is read is here, changes are beside it."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter

from app.core import error_handlers, forms, lists, render
from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryText
from app.core.errors import Refused
from app.core.ids import Id
from app.desk import inbox
from app.desk.inbox import Asked
from app.leads import queries, service
from app.leads.schemas import Filters
from app.orgs.rules import masked

Word = Annotated[str, QueryParameter(max_length=63)]
Statuses = Annotated[list[str] | None, QueryParameter(name="status")]
Since = Annotated[str, QueryParameter(name="from", max_length=20)]
Until = Annotated[str, QueryParameter(name="to", max_length=20)]
Saved = Annotated[Id | None, QueryParameter(name="saved")]


async def provide_asked(
    db: WithDb,
    who: Who,
    view: Word = "open",
    status: Statuses = None,
    branch: Word = "",
    assignee: Word = "",
    source: Word = "",
    q: QueryText = "",
    what: Word = "",
    since: Since = "",
    until: Until = "",
    took: Word = "",
    reason: Word = "",
    saved: Saved = None,
) -> Asked:
    """Which leads the address asks for. Raises NotFound for a saved view that is not there."""
    if saved is not None:
        return Asked((await queries.view_row(db, saved, who.person_id)).filters, saved)
    return inbox.asked_for(
        view=view, status=status or [], branch=branch, assignee=assignee, source=source, q=q, what=what, since=since,
        until=until, took=took, reason=reason,
    )  # fmt: skip


AskedFor = NamedDependency[Asked]
ASKED: dict[str, Any] = {"dependencies": {"asked": Provide(provide_asked)}}


@get("/desk/inbox", access="org:lead.read", **ASKED)
async def show_inbox(db: WithDb, who: Who, asked: AskedFor, cursor: QueryCursor = None) -> Response[Any]:
    shown = {**await inbox.listed(db, who, asked, cursor), **await inbox.around(db, who)}
    return render.page("desk/inbox/page.html", **shown, lead=None)


@get("/desk/inbox/region", access="org:lead.read", **ASKED)
async def show_inbox_region(db: WithDb, who: Who, asked: AskedFor, cursor: QueryCursor = None) -> Response[Any]:
    """The list alone; with `cursor` the rows that follow, to be put below."""
    template = "desk/inbox/_more.html" if cursor else "desk/inbox/_region.html"
    return render.page(template, **await inbox.listed(db, who, asked, cursor))


@get("/desk/inbox/tally", access="org:lead.read")
async def show_tally(db: WithDb, who: Who) -> Response[Any]:
    """How many leads each view holds, as the page carries it for its scripts."""
    position, key = await lists.position(db), inbox.topic_key(who)
    counts = await queries.counts_of(db, key)
    return render.page("desk/inbox/_tally_region.html", counts=counts, key=key, position=position)


@get("/desk/inbox/views", access="org:lead.read", **ASKED)
async def show_views(db: WithDb, who: Who, asked: AskedFor) -> Response[Any]:
    """The saved views with their counts."""
    found = await queries.views(db, who.person_id, within=who.branch_id)
    return render.page("desk/inbox/_saved.html", views=found, asked=asked, rights=inbox.rights(who))


@get("/desk/inbox/{lead_id:uuid}", access="org:lead.read", **ASKED)
async def show_lead(db: WithDb, who: Who, lead_id: FromPath[Id], asked: AskedFor) -> Response[Any]:
    """One lead with the list beside it; on a phone the lead alone."""
    shown = await inbox.opened(db, who, lead_id)
    beside = {**await inbox.listed(db, who, asked), **await inbox.around(db, who)}
    return render.page("desk/inbox/page.html", **{**beside, **shown}, form=forms.EMPTY, told=None)


@get("/desk/inbox/{lead_id:uuid}/region", access="org:lead.read")
async def show_lead_region(db: WithDb, who: Who, lead_id: FromPath[Id]) -> Response[Any]:
    return render.page("desk/inbox/_lead.html", **await inbox.opened(db, who, lead_id), form=forms.EMPTY, told=None)


@get("/desk/inbox/{lead_id:uuid}/canned", access="org:lead.reply")
async def show_canned(db: WithDb, who: Who, lead_id: FromPath[Id]) -> Response[Any]:
    """The canned replies, filled in for this lead."""
    lead = await queries.lead_row(db, lead_id, within=who.branch_id)
    found = await service.filled_replies(db, who, lead)
    return render.page("desk/inbox/_canned.html", lead=lead, found=found, rights=inbox.rights(who))


@get("/desk/inbox/{lead_id:uuid}/colleagues", access="org:lead.note")
async def show_colleagues(db: WithDb, who: Who, lead_id: FromPath[Id]) -> Response[Any]:
    """Whom a note on this lead can name: everybody else who may see it."""
    lead = await queries.lead_row(db, lead_id, within=who.branch_id)
    people = await queries.readers(db, lead.branch_id)
    return render.page("desk/inbox/_colleagues.html", people=[one for one in people if one.id != who.person_id])


@get("/desk/inbox/{lead_id:uuid}/merger", access="org:lead.merge")
async def show_merger(
    request: Request[Any, Any, Any], db: WithDb, who: Who, lead_id: FromPath[Id], q: QueryText = ""
) -> Response[Any]:
    """The leads this one can go into: the buyer's others, or what a search finds."""
    lead = await queries.lead_row(db, lead_id, within=who.branch_id, masked=masked(who.role))
    sought = Filters(view="all", q=q) if q else None
    found = await queries.find_leads(db, sought, me=who.person_id, within=who.branch_id, limit=20) if sought else None
    others = [one for one in await queries.others_of(db, lead, within=who.branch_id) if one.merged_into_id is None]
    return sheet(
        request, "merger", lead=lead, others=others, q=q,
        found=[one for one in found.items if one.id != lead.id] if found else [],
    )  # fmt: skip


def sheet(request: Request[Any, Any, Any], name: str, **context: Any) -> Response[Any]:
    """A page of its own, or its form alone for the dialog of a page that has scripts."""
    alone = bool(request.headers.get("hx-request"))
    return render.page(f"desk/inbox/_{name}.html" if alone else f"desk/inbox/{name}.html", **context)


def normal(refusal: Refused) -> bool:
    """Whether the page itself can say it: what is missing, forbidden or from another site is told by the edge."""
    return refusal.status in (409, 412, 422)


def again(name: str) -> dict[str, Any]:
    """As `forms.again`, for a form that may stand in a dialog."""
    page, alone = (forms.again(f"desk/inbox/{file}.html")["exception_handlers"][Refused] for file in (name, f"_{name}"))

    def show(request: Request[Any, Any, Any], refusal: Refused) -> Response[Any]:
        if not normal(refusal):
            return error_handlers.handle(request, refusal)
        shown: Response[Any] = (alone if request.headers.get("hx-request") else page)(request, refusal)
        return shown

    return {"exception_handlers": {Refused: show}}


def saved(request: Request[Any, Any, Any], to: str, said: str) -> Response[Any]:
    """On to the page of what was made; a dialog closes, and its page goes there by itself (`Desk-Open`)."""
    if not request.headers.get("hx-request"):
        return render.redirect(to, said)
    return render.page("desk/inbox/_said.html", said=said, tone="ok", batch_id=None).sent(headers={"desk-open": to})


def filters_of(asked: Asked) -> dict[str, Any]:
    """The filters as the hidden fields of a form."""
    return {name: value for name, value in msgspec.to_builtins(asked.filters).items() if value}


ROUTES: list[Any] = [
    show_inbox, show_inbox_region, show_tally, show_views, show_lead, show_lead_region, show_canned, show_colleagues,
    show_merger,
]  # fmt: skip
