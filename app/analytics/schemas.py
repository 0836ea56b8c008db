"""What a board holds. Times are seconds of business time; percents are whole; None is a figure of nothing."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from app.accounts.schemas import Lang
from app.core.bounds import Input, ShortText
from app.core.ids import Id

Period = Literal["today", "7", "30"]


class Figure(Struct, frozen=True):
    """In the period, and in as much time before it."""

    now: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.now is None or self.before is None else self.now - self.before


class Tiles(Struct, frozen=True, kw_only=True):
    """The first four are as things stand now."""

    open: int
    unassigned: int
    unassigned_since: datetime | None
    soon: int
    soon_at: datetime | None
    late: int
    late_since: datetime | None
    arrived: Figure
    answered: Figure
    median_s: Figure
    p90_s: Figure
    in_time: int
    in_time_percent: Figure
    breached: Figure
    won: Figure


class Line(Struct, frozen=True, kw_only=True):
    """The same figures of one source, member or branch. `name` is None where the key says it, or nobody is meant."""

    key: str
    name: str | None
    open: int
    unassigned: int
    late: int
    arrived: int
    answered: int
    in_time: int
    in_time_percent: int | None
    median_s: int | None
    breached: int
    won: int


class Hour(Struct, frozen=True):
    """Arrivals in that hour today, and on average on the last four of the same weekday."""

    hour: int
    today: int
    usual: float


class Day(Struct, frozen=True):
    """Arrivals by hour."""

    day: date
    hours: list[int]


class Part(Struct, frozen=True):
    """One bar: `key` is the value of the filter that finds its rows."""

    key: str
    count: int


class Funnel(Struct, frozen=True, kw_only=True):
    """What has become, by now, of the leads that arrived in the period."""

    arrived: int
    taken: int
    test_drive: int
    won: int
    lost: int
    reasons: list[Part]


class LateLead(Struct, frozen=True, kw_only=True):
    id: Id
    name: str
    car: str | None
    assignee_name: str | None
    due_at: datetime | None
    due_kind: str | None
    due_from: datetime | None
    warn_at: datetime | None
    late_since: datetime
    paused_until: datetime | None


class ScreenForm(Input, frozen=True, kw_only=True):
    """A screen on a wall; `branch` is a slug, without one it shows the whole org."""

    name: ShortText
    branch: Annotated[str, Meta(max_length=63)] | None = None
    lang: Lang = "en"


class ScreenRow(Struct, frozen=True, kw_only=True):
    id: Id
    name: str
    branch: str | None
    branch_name: str | None
    lang: str
    made_by: str
    made_at: datetime


class ScreenMade(Struct, frozen=True, kw_only=True):
    """`url` is told this once."""

    id: Id
    url: str


class Board(Struct, frozen=True, kw_only=True):
    """`branch` is a slug, or `org` with the whole org's name. Sources, members and branches each add up to `total`."""

    branch: str
    name: str
    period: Period
    first: date = field(name="from")
    last: date = field(name="to")
    at: datetime
    hour: int
    tiles: Tiles
    total: Line
    sources: list[Line]
    members: list[Line]
    branches: list[Line]
    hours: list[Hour]
    week: list[Day]
    days: list[int]
    answers: list[Part]
    funnel: Funnel
    stock: list[Part]
    late: list[LateLead]
