"""Cost sheets at the edges."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.core.bounds import Input
from app.listings.schemas.words import Price

CostKind = Literal["purchase", "transfer_tax", "denting_painting", "mechanical", "transport", "commission", "other"]
COST_KINDS: tuple[CostKind, ...] = (
    "purchase", "transfer_tax", "denting_painting", "mechanical", "transport", "commission", "other",
)  # fmt: skip


class CostLine(Input, frozen=True, kw_only=True):
    """`label` says more, and all where the kind is `other`."""

    kind: CostKind
    label: Annotated[str, Meta(max_length=60)] = ""
    amount: Price


class CostSheetForm(Input, frozen=True, kw_only=True):
    """The whole sheet as it is from now on. `version` is that of the sheet one looked at, 0 where there was none."""

    lines: Annotated[list[CostLine], Meta(max_length=40)]
    version: Annotated[int, Meta(ge=0, le=2**53)]


class CostSheetPage(Struct, frozen=True, kw_only=True):
    """`margin` is what is left of `price`: what it was sold for, else what it asks."""

    lines: list[CostLine]
    total: int
    price: int | None
    sold: bool
    margin: int | None
    margin_percent: float | None
    version: int
    changed_at: datetime | None
