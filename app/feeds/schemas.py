"""Structs at the edges of imports: forms in; files, mappings, runs and their rows out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from app.core.bounds import Input, ShortText, SlugText
from app.core.ids import Id

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
    unlist_after: Annotated[int, Meta(ge=1, le=30)] = 2


class RunForm(Input, frozen=True, kw_only=True):
    """Without a mapping the one proposed for the file. What is left out is as the mapping says."""

    mapping_id: Id | None = None
    dry_run: bool = False
    branch: SlugText | None = None
    publish: bool | UnsetType = UNSET
    full_stock: bool | UnsetType = UNSET


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
    """`column` is a heading, or empty for the whole row; `message` and `hint` are msgids."""

    column: str
    value: str
    code: str
    message: str
    hint: str


class RejectRow(Struct, frozen=True, kw_only=True):
    """A row that could not be taken, and all that is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[RejectProblem, ...]


class Started(Struct, frozen=True):
    run_id: Id


class Uploaded(Struct, frozen=True):
    file_id: Id
