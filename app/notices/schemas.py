"""Structs at the edges of notices: rows, choices, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from app.core.bounds import Input
from app.core.ids import Id

Kind = Literal[
    "lead_new",
    "lead_assigned",
    "lead_mentioned",
    "sla_warned",
    "sla_breached",
    "day_closed",
    "feed_stopped",
    "import_held",
]
Channel = Literal["mail", "sms", "whatsapp"]


class DeliveryRow(Struct, frozen=True, kw_only=True):
    channel: str
    status: str
    reason: str | None
    sent_at: datetime | None


class FigureLine(Struct, frozen=True):
    """A figure, and the list it opens."""

    name: str
    count: int
    url: str


class NoticeRow(Struct, frozen=True, kw_only=True):
    """`waits` until `show_at`; `dropped_as` says why it was never told. `url` leads to what it is about.

    `about` names a sheet or where it is pulled from, `says` is the msgid of what is wrong with it, or of what became
    of a lead. `figures` are those of the `day` of a branch, which has closed.
    """

    id: Id
    kind: str
    title: str
    lead_id: Id | None
    ref: str | None
    car: str | None
    about: str | None
    says: str | None
    deadline: str | None
    due_at: datetime | None
    day: date | None
    figures: list[FigureLine]
    actor_name: str | None
    url: str
    created_at: datetime
    show_at: datetime
    shown_at: datetime | None
    read_at: datetime | None
    dropped_as: str | None
    unread: bool
    waits: bool
    deliveries: list[DeliveryRow]


class NoticePage(Struct, frozen=True, kw_only=True):
    items: list[NoticeRow]
    unread: int
    next_cursor: str | None = None
    position: str | None = None


class Choice(Struct, frozen=True):
    kind: str
    channel: str
    on: bool


class Choices(Struct, frozen=True, kw_only=True):
    """`quiet`: only while the branch is open, unless it is urgent."""

    quiet: bool
    choices: list[Choice]

    def wants(self, kind: str, channel: str) -> bool:
        return any(one.on for one in self.choices if (one.kind, one.channel) == (kind, channel))


class ChoiceForm(Input, frozen=True, kw_only=True):
    kind: Kind
    channel: Channel
    on: bool


class ChoicesForm(Input, frozen=True, kw_only=True):
    """What is left out stays as it is."""

    quiet: bool | None = None
    choices: Annotated[list[ChoiceForm], Meta(max_length=40)] = field(default_factory=list)


class Letter(Struct, frozen=True, kw_only=True):
    """One delivery on its way, and whom to."""

    id: Id
    channel: str
    notice: NoticeRow
    name: str
    email: str
    phone: str | None
    lang: str | None
