"""Filters and saved views of the inbox, and canned replies."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from app.accounts.schemas import Name
from app.core.bounds import Input
from app.core.ids import Id
from app.leads.schemas.kinds import MOMENT, TOOK, Message, Status, TemplateKey, View


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
    what: Literal["", "arrived", "taken", "answered", "in_time", "breached", "due", "won"] = ""
    since: Annotated[str, Meta(pattern=MOMENT)] = field(default="", name="from")
    until: Annotated[str, Meta(pattern=MOMENT)] = field(default="", name="to")
    took: Annotated[str, Meta(pattern=TOOK)] = ""
    reason: Annotated[str, Meta(max_length=40)] = ""


class ViewForm(Input, frozen=True, kw_only=True):
    name: Name
    filters: Filters
    shared: bool = False


class Counts(Struct, frozen=True, kw_only=True):
    """How many leads each view holds; `mine` by assignee, so that one answer fits every desk of a branch."""

    open: int = 0
    unassigned: int = 0
    branchless: int = 0
    call: int = 0
    late: int = 0
    soon: int = 0
    snoozed: int = 0
    closed: int = 0
    spam: int = 0
    archived: int = 0
    all: int = 0
    mine: dict[str, int] = field(default_factory=dict)


class DayFigures(Struct, frozen=True, kw_only=True):
    """A branch's day at its closing. `first` and `last` are the hours a list of its leads is asked by, `next_first` and
    `next_last` those of the coming morning; `late`, `unassigned` and `open` are as things stood then."""

    day: date
    first: str
    last: str
    arrived: int
    answered: int
    in_time: int
    breached: int
    late: int
    unassigned: int
    open: int
    due: int
    opens_at: datetime | None
    next_first: str
    next_last: str


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
