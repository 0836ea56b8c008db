"""Changes of many listings at the edges: what is asked, what it would do, what it did."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app.core.bounds import Input, SlugText
from app.core.ids import Id
from app.listings.schemas.words import Channel, Price, Reason, Visibility

BatchKind = Literal[
    "price_percent", "price_amount", "price", "branch", "visibility", "channel", "feeds", "status", "refresh",
]  # fmt: skip
BatchStatus = Literal["live", "draft", "reserved", "sold", "archived"]


class BatchAction(Input, frozen=True, kw_only=True):
    """`kind` says which of the others counts; `reason` is for states and, as a word of the history, for prices."""

    kind: BatchKind
    percent: Annotated[float, Meta(ge=-50, le=50)] | None = None
    amount: Annotated[int, Meta(ge=-99_999_999, le=99_999_999)] | None = None
    price: Price | None = None
    branch: SlugText | None = None
    visibility: Visibility | None = None
    channel: Channel | None = None
    in_feeds: bool | None = None
    status: BatchStatus | None = None
    reason: Reason | None = None


class BatchForm(Input, frozen=True, kw_only=True):
    ids: Annotated[list[Id], Meta(min_length=1, max_length=2000)]
    action: BatchAction


class BatchCar(Struct, frozen=True, kw_only=True):
    """`before` and `after` hold the fields the batch changes; `skipped` says why it changes none."""

    listing_id: Id
    number: int
    title: str
    stock_number: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    skipped: str | None


class BatchPage(Struct, frozen=True, kw_only=True):
    """`state`: shown (a preview), applied, undone. `skipped` counts the cars left alone, by why."""

    id: Id
    state: str
    action: BatchAction
    changes: int
    skipped: dict[str, int]
    made_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    undo_until: datetime | None
    cars: list[BatchCar]
