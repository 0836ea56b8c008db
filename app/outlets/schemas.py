"""Structs at the edges of outlets."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from app.core.bounds import Input, ShortText, SlugText
from app.core.ids import Id

Kind = Literal["meta_csv", "csv", "json", "xml"]
Why = Literal["sold", "reserved", "off_market", "not_public", "no_price", "no_picture"]


class OutletForm(Input, frozen=True, kw_only=True):
    """`branch` is a slug; without it the whole org's cars go out."""

    name: ShortText
    kind: Kind
    branch: SlugText | None = None


class OutletPatch(Input, frozen=True, kw_only=True):
    name: ShortText | UnsetType = UNSET
    branch: SlugText | UnsetType | None = UNSET


class OutletRow(Struct, frozen=True, kw_only=True):
    """`url` is secret: whoever has it reads the feed. `cars` are in it now; `left_out` counts opted-in ones by why."""

    id: Id
    name: str
    kind: Kind
    branch: str | None
    branch_name: str | None
    url: str
    cars: int
    left_out: dict[str, int]
    made_at: datetime
    renewed_at: datetime
    fetched_at: datetime | None
    fetched_cars: int | None


class LeftOut(Struct, frozen=True, kw_only=True):
    """A car of ours that is meant to go out and does not."""

    listing_id: Id
    number: int
    title: str
    stock_number: str | None
    status: str
    why: Why
