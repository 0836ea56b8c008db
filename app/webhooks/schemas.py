"""Structs at the edges of webhooks, and what is told."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from app.core.bounds import Input
from app.core.ids import Id

EventName = Literal["feed.import.done", "lead.created"]
Address = Annotated[str, Meta(min_length=8, max_length=2000)]


class WebhookForm(Input, frozen=True, kw_only=True):
    """https only. Without events it wants all there are."""

    url: Address
    events: Annotated[list[EventName], Meta(min_length=1, max_length=10)] | UnsetType = UNSET


class WebhookPatch(Input, frozen=True, kw_only=True):
    state: Literal["active", "off"]


class WebhookRow(Struct, frozen=True, kw_only=True):
    """Without its secret. `says` is a msgid: why it was switched off."""

    id: Id
    url: str
    events: tuple[str, ...]
    state: Literal["active", "off"]
    why: str | None
    says: str | None
    failing_since: datetime | None
    created_at: datetime


class WebhookMade(Struct, frozen=True):
    """Over JSON the secret is told this once; the desk shows it to those who may change webhooks."""

    webhook_id: Id
    secret: str


class DeliveryRow(Struct, frozen=True, kw_only=True):
    """`response` is the status of the last answer; `error` a code where there was none."""

    id: Id
    webhook_id: Id
    url: str
    event: str
    subject_id: Id
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    response: int | None
    error: str | None
    created_at: datetime
    tried_at: datetime | None
    next_at: datetime | None


class Message(Struct, frozen=True, kw_only=True):
    """One delivery on its way."""

    url: str
    secret: str
    body: bytes
    attempts: int


class Counts(Struct, frozen=True, kw_only=True):
    read: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int
    doubted: int
    unlisted: int


class ImportDone(Struct, frozen=True, kw_only=True):
    """The body of `feed.import.done`: `id` is the run's."""

    event: str
    id: Id
    org: str
    branch: str | None
    file: str
    counts: Counts
    at: datetime


class LeadCreated(Struct, frozen=True, kw_only=True):
    """The body of `lead.created`: ids only, the rest is asked for with them."""

    event: str
    id: Id
    org: str
    ref: str
    branch_id: Id | None
    listing_id: Id | None
    source: str
    at: datetime
