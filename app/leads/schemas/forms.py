"""What is asked of a lead."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from app.accounts.schemas import Email, Lang, Name, Phone
from app.core.bounds import Input
from app.core.ids import Id
from app.leads.schemas.kinds import (
    CallOutcome,
    Channel,
    Ids,
    Mentions,
    Message,
    PauseReason,
    Priority,
    Reason,
    Source,
    Status,
    Text,
    Version,
)


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


class CallForm(Input, frozen=True, kw_only=True):
    """A call to the buyer; how it went may be said afterwards."""

    outcome: CallOutcome | None = None


class CallPatch(Input, frozen=True, kw_only=True):
    outcome: CallOutcome


class NoteForm(Input, frozen=True, kw_only=True):
    """`mentions` are colleagues to be told of it, beside those whom an @Name in the text means alone."""

    body: Text
    mentions: Mentions = field(default_factory=list)


class SnoozeForm(Input, frozen=True, kw_only=True):
    """A named moment (`tomorrow`, …) or an exact one; neither wakes the lead now."""

    choice: Annotated[str, Meta(max_length=20)] | None = None
    until: datetime | None = None


class PauseForm(Input, frozen=True, kw_only=True):
    """Why nobody has to answer for a while, and until when; without a moment until somebody resumes."""

    reason: PauseReason
    until: datetime | None = None


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
