"""Leads over JSON: listed, read, opened by the public or by a member."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from app.core.asks import OnDevice, Visitor, Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit, QueryText
from app.core.errors import Forbidden, Invalid, SignInNeeded
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.core.paging import Page
from app.core.security import Principal, may
from app.leads import queries, service
from app.leads.schemas import (
    MOMENT,
    TOOK,
    Counts,
    Entry,
    Filters,
    LeadForm,
    LeadPage,
    LeadRow,
    Person,
    Receipt,
    Source,
    Status,
    View,
    What,
)
from app.orgs.rules import masked

Statuses = Annotated[list[Status] | None, QueryParameter(name="status")]
Branch = Annotated[str, QueryParameter(name="branch", max_length=63)]
Assignee = Annotated[str, QueryParameter(name="assignee", max_length=36)]
Viewed = Annotated[View, QueryParameter(name="view")]
FromSource = Annotated[Source | None, QueryParameter(name="source")]
Happened = Annotated[What | None, QueryParameter(name="what", description="Only leads to which this happened.")]
Since = Annotated[
    str, QueryParameter(name="from", pattern=MOMENT, description="The first day of `what`, or its first hour.")
]
Until = Annotated[
    str, QueryParameter(name="to", pattern=MOMENT, description="The last day of `what`, or its last hour.")
]
AnsweredIn = Annotated[
    str, QueryParameter(name="took", pattern=TOOK, description="Business minutes of the first answer: 5-15, 240-.")
]
LostFor = Annotated[str, QueryParameter(name="reason", max_length=40, description="Only leads lost for this.")]


@get("/leads", access="org:lead.read")
async def list_leads(
    db: WithDb,
    who: Who,
    view: Viewed = "all",
    status: Statuses = None,
    branch: Branch = "",
    assignee: Assignee = "",
    source: FromSource = None,
    q: QueryText = "",
    what: Happened = None,
    since: Since = "",
    until: Until = "",
    took: AnsweredIn = "",
    reason: LostFor = "",
    cursor: QueryCursor = None,
    limit: QueryLimit = 50,
) -> Page[LeadRow]:
    """The latest arrivals first. `assignee` is a person's id, `me` or `none`; `branch` a slug, `-` for none.

    `what` with `from` and `to` are the leads behind a figure of a board: days of Pakistan (2026-11-27) or hours of them
    (2026-11-27T14), the last one included.
    """
    filters = Filters(
        view=view, status=status or [], branch=branch, assignee=assignee, source=source or "", q=q, what=what or "",
        since=since, until=until, took=took, reason=reason,
    )  # fmt: skip
    return await queries.find_leads(
        db, filters, me=who.person_id, within=who.branch_id, masked=masked(who.role), cursor=cursor, limit=limit
    )


@post("/leads", access="public", limit="lead", responses={201: ResponseSpec(Receipt, generate_examples=False)})
async def create_lead(
    db: WithDb,
    data: JSONBody[LeadForm],
    visitor: Visitor,
    device: OnDevice,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """An enquiry about a listing, by anybody; without a listing a walk-in, by a member.

    200 instead of 201 when the buyer already has an open lead for this car: it is the same lead.
    """
    if _ours(visitor, data):
        return await _walk_in(db, visitor, data, request)
    if data.listing_id is None:
        raise Invalid([{"field": "listing_id", "message": "This field is needed."}])
    asked = await service.enquire(db, data.listing_id)
    enquiry = service.Enquiry(
        source=data.source or "web", name=data.name, phone=data.phone, email=data.email, message=data.message,
        lang=data.lang, device=device.fingerprint if visitor is None and device.recognisable else None,
    )  # fmt: skip

    async def make() -> Receipt:
        return await service.open_lead(db, asked, enquiry)

    return await once(db, keyed(request, data), make, status=_status)


def _ours(visitor: Principal | None, data: LeadForm) -> bool:
    """A member types in what a buyer told; anybody else asks for themselves."""
    if data.listing_id is not None:
        return visitor is not None and may(visitor.role, "lead.open") and data.source is not None
    if visitor is None:
        raise SignInNeeded
    if not may(visitor.role, "lead.open"):
        raise Forbidden
    return True


async def _walk_in(db: WithDb, who: Any, data: LeadForm, request: Request[Any, Any, Any]) -> Response[bytes]:
    async def make() -> LeadRow:
        receipt = await service.walk_in(db, who, data)
        await db.flush()
        return await queries.lead_row(db, receipt.id)

    return await once(db, keyed(request, data), make)


def _status(receipt: Receipt) -> int:
    return 200 if receipt.repeated else 201


@get("/leads/counts", access="org:lead.read")
async def show_counts(db: WithDb, who: Who) -> Counts:
    return await queries.counts(db, within=who.branch_id)


@get("/leads/assignees", access="org:lead.read")
async def list_assignees(db: WithDb, who: Who) -> list[Person]:
    """Who a lead of one's branch can be given to."""
    return await queries.assignees(db, who.branch_id)


@get("/leads/{lead_id:uuid}", access="org:lead.read")
async def show_lead(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadRow:
    return await queries.lead_row(db, lead_id, within=who.branch_id, masked=masked(who.role))


@get("/leads/{lead_id:uuid}/page", access="org:lead.read")
async def show_lead_page(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadPage:
    """Everything at once: the lead, its timeline, the buyer's other leads, and the position they were read at."""
    return await queries.lead_page(db, lead_id, within=who.branch_id, masked=masked(who.role))


@get("/leads/{lead_id:uuid}/timeline", access="org:lead.read")
async def list_entries(db: WithDb, who: Who, lead_id: FromPath[Id]) -> list[Entry]:
    await queries.require_view(db, lead_id, within=who.branch_id)
    return await queries.timeline(db, lead_id)


ROUTES = (list_leads, create_lead, show_counts, list_assignees, show_lead, show_lead_page, list_entries)
