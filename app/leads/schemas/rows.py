"""A lead as it is shown: rows, pages, its timeline."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from app.core.ids import Id


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
    call_since: datetime | None
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


class Mark(Struct, frozen=True):
    """A name in the text of a note: at which character its @ stands; None where the text does not say it."""

    id: Id
    name: str
    at: int | None


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a timeline. `kind` decides what `data` holds; `from_lead` where a merged lead's entry came from.

    `mentions` are the colleagues a note names, `marks` where in `body` it does.
    """

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
    mentions: list[Id] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    from_lead: str | None = None

    @property
    def pieces(self) -> list[str | Mark]:
        """The text in turn with the names in it; whoever it does not name at the end."""
        found: list[str | Mark] = []
        end = 0
        for mark in self.marks:
            if mark.at is not None:
                found += [self.body[end : mark.at], mark]
                end = mark.at + len(mark.name) + 1
        unsaid = [mark for mark in self.marks if mark.at is None]
        return [one for one in [*found, self.body[end:], *unsaid] if one != ""]


class OtherLead(Struct, frozen=True):
    """Another lead of the same buyer."""

    id: Id
    ref: str
    status: str
    car_title: str | None
    opened_at: datetime
    merged_into_id: Id | None


class LeadPage(Struct, frozen=True, kw_only=True):
    """Everything the page of one lead shows."""

    lead: LeadRow
    entries: list[Entry]
    others: list[OtherLead]
    position: str | None


class Bulk(Struct, frozen=True, kw_only=True):
    """What a bulk action did. `batch_id` takes it back; `skipped` leads stayed as they were, with the reason's code."""

    batch_id: Id
    done: list[Id]
    skipped: dict[str, str]
