"""Structs at the edges of imports: forms in; files, mappings, runs and their rows out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from app.core.bounds import Input, ShortText, SlugText
from app.core.ids import Id

PullState = Literal["active", "paused", "waiting"]
PullOutcome = Literal["imported", "unchanged", "fetch_failed", "columns_changed"]
Auth = Literal["none", "basic", "bearer"]
Address = Annotated[str, Meta(min_length=8, max_length=2000)]
Hours = Annotated[int, Meta(ge=1, le=168)]
Runs = Annotated[int, Meta(ge=1, le=30)]
AuthUser = Annotated[str, Meta(min_length=1, max_length=120)]
AuthSecret = Annotated[str, Meta(min_length=1, max_length=1000)]
State = Literal["waiting", "running", "held", "done", "failed", "stopped", "undoing", "undone"]
Header = Annotated[str, Meta(max_length=200)]
FieldName = Annotated[str, Meta(min_length=1, max_length=40)]
Columns = Annotated[dict[Header, FieldName | None], Meta(min_length=1, max_length=400)]


class Options(Struct, frozen=True, kw_only=True):
    """How a sheet is taken. `full_stock`: what it does not have is unlisted after `unlist_after` runs."""

    branch: str | None = None
    publish: bool = True
    full_stock: bool = False
    unlist_after: int = 2


class MappingForm(Input, frozen=True, kw_only=True):
    """What the columns of sheets with these headers mean; null is "not imported". Saved in place of the last one."""

    file_id: Id | UnsetType = UNSET
    name: ShortText | UnsetType = UNSET
    columns: Columns
    branch: SlugText | None = None
    publish: bool = True
    full_stock: bool = False
    unlist_after: Runs = 2


class RunForm(Input, frozen=True, kw_only=True):
    """Without a mapping the one proposed for the file. What is left out is as the mapping says."""

    mapping_id: Id | None = None
    dry_run: bool = False
    branch: SlugText | None = None
    publish: bool | UnsetType = UNSET
    full_stock: bool | UnsetType = UNSET
    unlist_after: Runs | UnsetType = UNSET


class WordForm(Input, frozen=True, kw_only=True):
    """What a word of this dealer's sheets means: a value of the field, as the API spells it."""

    field: FieldName
    said: Annotated[str, Meta(min_length=1, max_length=200)]
    meant: Annotated[str, Meta(min_length=1, max_length=60)]


class ReadAs(Input, frozen=True, kw_only=True):
    """In place of what we saw in the file."""

    encoding: Annotated[str, Meta(max_length=40)] | None = None
    separator: Annotated[str, Meta(max_length=4)] | None = None
    tab: Annotated[str, Meta(max_length=100)] | None = None


class ColumnCard(Struct, frozen=True):
    """A column of a sheet: `fill` of 1 is a value in every row; `field` is what we take it for, and `why`."""

    header: str
    fill: float
    samples: tuple[str, ...]
    field: str | None
    why: str | None


class FileCard(Struct, frozen=True, kw_only=True):
    id: Id
    name: str
    size: int
    format: str
    encoding: str | None
    separator: str | None
    tab: str | None
    tabs: tuple[str, ...]
    heading_row: int
    total: int | None
    columns: tuple[ColumnCard, ...]
    mapping_id: Id | None
    options: Options
    uploaded_at: datetime


class MappingCard(Struct, frozen=True, kw_only=True):
    id: Id
    name: str
    columns: dict[str, str | None]
    options: Options
    saved_at: datetime


class RunCard(Struct, frozen=True, kw_only=True):
    """A run as it stands. `percent`, `rate` (rows a second) and `eta_s` are None where nobody can know.

    `within` is the only branch whose cars it touches, where who asked is a member of one.
    """

    id: Id
    file_id: Id
    file_name: str
    state: State
    stage: str
    dry_run: bool
    full_stock: bool
    branch: str | None
    within: Id | None
    why: str | None
    says: str | None
    total: int | None
    read: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int
    doubted: int
    repriced: int
    missing: int
    unlisted: int
    restored: int
    conflicts: tuple[dict[str, Any], ...]
    unknown: tuple[dict[str, Any], ...]
    percent: int | None
    rate: int | None
    eta_s: int | None
    seconds: float | None
    started_by: str | None
    created_at: datetime
    finished_at: datetime | None
    undo_until: datetime | None


class RejectProblem(Struct, frozen=True):
    """`column` is a heading, or empty for the whole row; `message` and `hint` are msgids.

    `other` is the number of the row that it does not go with, 0 where there is none.
    """

    column: str
    value: str
    code: str
    message: str
    hint: str
    other: int = 0


class ReadRow(Struct, frozen=True, kw_only=True):
    """A row as it would be taken. `car` and `city` are their names in English and in Urdu; the rest are msgids."""

    number: int
    car: tuple[str, str]
    year: int | None
    asking_price: int | None
    call_for_price: bool
    odometer_km: int | None
    city: tuple[str, str]
    problems: tuple[str, ...]
    doubts: tuple[str, ...]


class RejectRow(Struct, frozen=True, kw_only=True):
    """A row that could not be taken, and all that is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[RejectProblem, ...]


class Started(Struct, frozen=True):
    run_id: Id


class Uploaded(Struct, frozen=True):
    file_id: Id


class SourceForm(Input, frozen=True, kw_only=True):
    """An address that a sheet is pulled from every so many hours. `secret` is the password, or the bearer token."""

    name: ShortText
    url: Address
    branch: SlugText | None = None
    auth: Auth = "none"
    auth_user: AuthUser | None = None
    secret: AuthSecret | None = None
    every_hours: Hours = 24
    publish: bool = True
    full_stock: bool = False
    unlist_after: Runs = 2


class SourcePatch(Input, frozen=True, kw_only=True):
    """What is left out stays. For another host the secret has to be said again."""

    name: ShortText | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    branch: SlugText | UnsetType | None = UNSET
    auth: Auth | UnsetType = UNSET
    auth_user: AuthUser | UnsetType | None = UNSET
    secret: AuthSecret | UnsetType = UNSET
    every_hours: Hours | UnsetType = UNSET
    publish: bool | UnsetType = UNSET
    full_stock: bool | UnsetType = UNSET
    unlist_after: Runs | UnsetType = UNSET
    state: Literal["active", "paused"] | UnsetType = UNSET


class SourceCard(Struct, frozen=True, kw_only=True):
    """A source as it stands. `fetching`: one is on its way; `why` is the code of what went wrong last, `says` a msgid.

    `file_id` and `run_id` are the latest that came of it.
    """

    id: Id
    name: str
    url: str
    branch: str | None
    auth: Auth
    auth_user: str | None
    every_hours: int
    publish: bool
    full_stock: bool
    unlist_after: int
    state: PullState
    outcome: PullOutcome | None
    why: str | None
    says: str | None
    failures: int
    fetching: bool
    fetched_at: datetime | None
    next_at: datetime | None
    file_id: Id | None
    run_id: Id | None
    created_by: str | None
    created_at: datetime


class SourceMade(Struct, frozen=True):
    source_id: Id
