"""Structs at the edges of leads: forms in, rows, timelines and counts out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from app.accounts.schemas import Email, Lang, Name, Phone
from app.core.bounds import Input
from app.core.ids import Id

Message = Annotated[str, Meta(max_length=4000)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Reason = Annotated[str, Meta(max_length=200)]
Status = Literal["new", "contacted", "qualified", "test_drive", "negotiating", "won", "lost", "spam"]
Source = Literal["web", "whatsapp", "call", "walk_in", "phone", "adf", "api", "referral", "other"]
Channel = Literal["whatsapp", "sms", "email"]
Priority = Literal["low", "normal", "high"]
PauseReason = Literal["buyer_decides", "test_drive", "finance", "papers", "other"]
Capacity = Annotated[int, Meta(ge=0, le=1000)]
MOMENT = r"^(20\d\d-\d\d-\d\d(T\d\d)?)?$"
TOOK = r"^(\d{1,5}-(\d{1,5})?)?$"
What = Literal["arrived", "taken", "answered", "in_time", "breached", "won"]
View = Literal[
    "mine", "unassigned", "branchless", "late", "soon", "open", "snoozed", "closed", "spam", "archived", "all"
]  # fmt: skip
TemplateKey = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Ids = Annotated[list[Id], Meta(min_length=1, max_length=200)]
Version = Annotated[int, Meta(ge=1, le=2**53)]

# -- in


class LeadForm(Input, frozen=True, kw_only=True):
    """An enquiry about a listing, or (signed in, without one) somebody who walked in or rang."""

    listing_id: Id | None = None
    name: Name
    phone: Phone
    email: Email | None = None
    message: Message = ""
    source: Source | None = None
    branch_id: Id | None = None
    lang: Lang = "en"


class LeadPatch(Input, frozen=True, kw_only=True):
    """The buyer's details as we know them, and the car in question."""

    name: Name | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    lang: Lang | UnsetType = UNSET
    listing_id: Id | UnsetType | None = UNSET
    priority: Priority | UnsetType = UNSET
    version: Version | None = None


class AssignForm(Input, frozen=True, kw_only=True):
    """`assignee_id` None gives the lead back to the queue."""

    assignee_id: Id | None
    version: Version | None = None


class StatusForm(Input, frozen=True, kw_only=True):
    """`reason` is needed for lost: one of the known reasons, or own words."""

    status: Status
    reason: Reason | None = None
    version: Version | None = None


class ReplyForm(Input, frozen=True, kw_only=True):
    """`after` is the last entry the writer had seen; `anyway` sends although a colleague answered since, `beside` is
    one whom the writer saw writing to the buyer as well."""

    body: Text
    channel: Channel
    after: Id | None = None
    anyway: bool = False
    beside: Id | None = None


class NoteForm(Input, frozen=True, kw_only=True):
    body: Text


class SnoozeForm(Input, frozen=True, kw_only=True):
    """A named moment (`tomorrow`, …) or an exact one; neither wakes the lead now."""

    choice: Annotated[str, Meta(max_length=20)] | None = None
    until: datetime | None = None


class PauseForm(Input, frozen=True, kw_only=True):
    """Why nobody has to answer for a while, and until when; without a moment until somebody resumes."""

    reason: PauseReason
    until: datetime | None = None


class RoundForm(Input, frozen=True, kw_only=True):
    """Whether the branch hands out new leads in turn, and how many open ones a person gets at most."""

    turns: bool
    capacity: Capacity = 10
    version: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class DutyForm(Input, frozen=True, kw_only=True):
    """Whether one takes leads now; `stays` keeps that so without an open screen."""

    on_duty: bool
    stays: bool = False


class CapacityForm(Input, frozen=True, kw_only=True):
    """None: as many as the branch says."""

    capacity: Capacity | None = None


class MoveForm(Input, frozen=True, kw_only=True):
    """To another branch, where it waits for whoever takes it."""

    branch_id: Id
    version: Version | None = None


class MergeForm(Input, frozen=True, kw_only=True):
    into_id: Id


class BulkForm(Input, frozen=True, kw_only=True):
    """One action on many leads."""

    ids: Ids
    action: Literal["assign", "status", "snooze", "archive", "restore"]
    assignee_id: Id | None = None
    status: Status | None = None
    reason: Reason | None = None
    choice: Annotated[str, Meta(max_length=20)] | None = None


class TemplateForm(Input, frozen=True, kw_only=True):
    key: TemplateKey
    title: Name
    body_en: Message = ""
    body_ur: Message = ""
    body_roman: Message = ""


class Filters(Input, frozen=True, kw_only=True):
    """What a list of leads shows. `assignee` is a person's id, `me` or `none`; `branch` a slug, or - for leads of none.

    `what` happened in the time `from` … `to`: days of Pakistan or hours of them (2026-11-27, 2026-11-27T14), the last
    one included. `took` is how many business minutes the first answer took, `5-15` or `240-`.
    """

    view: View = "open"
    status: list[Status] = field(default_factory=list)
    branch: Annotated[str, Meta(max_length=63)] = ""
    assignee: Annotated[str, Meta(max_length=36)] = ""
    source: Literal["", "web", "whatsapp", "call", "walk_in", "phone", "adf", "api", "referral", "other"] = ""
    q: Annotated[str, Meta(max_length=200)] = ""
    what: Literal["", "arrived", "taken", "answered", "in_time", "breached", "won"] = ""
    since: Annotated[str, Meta(pattern=MOMENT)] = field(default="", name="from")
    until: Annotated[str, Meta(pattern=MOMENT)] = field(default="", name="to")
    took: Annotated[str, Meta(pattern=TOOK)] = ""
    reason: Annotated[str, Meta(max_length=40)] = ""


class ViewForm(Input, frozen=True, kw_only=True):
    name: Name
    filters: Filters
    shared: bool = False


# -- out


class CarBrief(Struct, frozen=True):
    """The car of a lead, as it is now."""

    id: Id
    number: int
    title: str
    asking_price: int | None
    status: str
    stock_number: str | None
    url: str
    year: int | None
    odometer_km: int | None
    fuel: str | None
    transmission: str | None
    body: str | None
    colour: str | None


class LeadRow(Struct, frozen=True, kw_only=True):
    """A lead as the inbox shows it. Onlookers get `phone_masked` and `email_masked`, and None for the open ones."""

    id: Id
    ref: str
    listing_id: Id | None
    branch_id: Id | None
    branch: str | None
    branch_name: str | None
    contact_id: Id
    status: str
    lost_reason: str | None
    source: str
    name: str
    phone: str | None
    phone_masked: str | None
    email: str | None
    email_masked: str | None
    lang: str
    assignee_id: Id | None
    assignee_name: str | None
    car: CarBrief | None
    price_at_open: int | None
    excerpt: str
    excerpt_ours: bool
    enquiries: int
    waiting: bool
    opened_at: datetime
    arrived_at: datetime
    handled_at: datetime | None
    first_replied_at: datetime | None
    closed_at: datetime | None
    priority: str
    due_at: datetime | None
    due_kind: str | None
    due_from: datetime | None
    warn_at: datetime | None
    soon_since: datetime | None
    late_since: datetime | None
    paused_for: str | None
    paused_until: datetime | None
    breached_at: datetime | None
    snoozed_until: datetime | None
    archived_at: datetime | None
    merged_into_id: Id | None
    version: int


class Receipt(Struct, frozen=True):
    """What the public is told of an enquiry it made."""

    id: Id
    ref: str
    listing_id: Id | None
    opened_at: datetime
    repeated: bool


class Revealed(Struct, frozen=True):
    """The seller's whole number, in E.164."""

    phone: str


class ChatLink(Struct, frozen=True):
    """Opens WhatsApp with the first sentence written."""

    url: str


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a timeline. `kind` decides what `data` holds; `from_lead` where a merged lead's entry came from."""

    id: Id
    lead_id: Id
    kind: str
    at: datetime
    actor_id: Id | None
    actor_name: str | None
    subject_id: Id | None
    subject_name: str | None
    body: str
    channel: str | None
    delivery: str | None
    data: dict[str, Any] = field(default_factory=dict)
    from_lead: str | None = None


class OtherLead(Struct, frozen=True):
    """Another lead of the same buyer."""

    id: Id
    ref: str
    status: str
    car_title: str | None
    opened_at: datetime
    merged_into_id: Id | None


class Person(Struct, frozen=True):
    """Somebody a lead can be given to; without a branch they work at all."""

    id: Id
    name: str
    role: str
    branch_id: Id | None = None


class RoundRow(Struct, frozen=True, kw_only=True):
    """How a branch hands out its leads."""

    branch_id: Id
    branch: str
    branch_name: str
    turns: bool
    capacity: int
    waiting: int
    """Leads that nobody has."""
    version: int


class OnDuty(Struct, frozen=True, kw_only=True):
    """A member of the sales staff: whether they take leads, how many open ones they have."""

    person_id: Id
    name: str
    branch_id: Id | None
    on_duty: bool
    online: bool
    stays: bool
    open: int
    capacity: int | None
    full: bool
    """Has as many as they are given at most, at every branch that deals to them."""


class LeadPage(Struct, frozen=True, kw_only=True):
    """Everything the page of one lead shows."""

    lead: LeadRow
    entries: list[Entry]
    others: list[OtherLead]
    position: str | None


class Counts(Struct, frozen=True, kw_only=True):
    """How many leads each view holds; `mine` by assignee, so that one answer fits every desk of a branch."""

    open: int = 0
    unassigned: int = 0
    branchless: int = 0
    late: int = 0
    soon: int = 0
    snoozed: int = 0
    closed: int = 0
    spam: int = 0
    archived: int = 0
    all: int = 0
    mine: dict[str, int] = field(default_factory=dict)


class Bulk(Struct, frozen=True, kw_only=True):
    """What a bulk action did. `batch_id` takes it back; `skipped` leads stayed as they were, with the reason's code."""

    batch_id: Id
    done: list[Id]
    skipped: dict[str, str]


class TemplateRow(Struct, frozen=True):
    id: Id
    key: str
    title: str
    body_en: str
    body_ur: str
    body_roman: str
    version: int


class FilledReply(Struct, frozen=True):
    """A canned reply for one lead; `missing` variables must be filled in by hand before it can be sent."""

    key: str
    title: str
    lang: str
    body: str
    missing: list[str]


class ViewRow(Struct, frozen=True):
    id: Id
    name: str
    shared: bool
    mine: bool
    filters: Filters
    count: int | None = None


# -- from other systems


class DocumentLead(Struct, frozen=True):
    """A lead a document became. `repeated`: it joined an open one; `unknown` are its parts we did not understand."""

    id: Id
    ref: str
    repeated: bool
    unknown: list[str]


class DocumentFault(Struct, frozen=True):
    """Why the prospect of this number (the first is 1) became no lead."""

    prospect: int
    code: str


class Delivery(Struct, frozen=True):
    """What became of a document."""

    leads: list[DocumentLead]
    refused: list[DocumentFault]


class DocumentRow(Struct, frozen=True, kw_only=True):
    """A document that came; `error` says why it became no lead, `ref` and `lead_id` which it became."""

    id: Id
    via: str
    received_at: datetime
    external_id: str | None
    error: str | None
    lead_id: Id | None
    ref: str | None
    repeated: bool
    unknown: list[str]


class Original(Struct, frozen=True):
    """What came, as text."""

    name: str
    text: str


class AddressForm(Input, frozen=True, kw_only=True):
    """Of the whole org without a branch."""

    branch_id: Id | None = None


class AddressRow(Struct, frozen=True, kw_only=True):
    """`mail` is None where no mail comes in; `token` is the secret part of the link."""

    id: Id
    branch_id: Id | None
    branch_name: str | None
    mail: str | None
    token: str
    created_at: datetime


class Door(Struct, frozen=True):
    """Whose address somebody sends to."""

    org_id: Id
    branch_id: Id | None
