"""Structs at the edges of reports."""

from typing import Annotated, Literal

from msgspec import Meta

from app.accounts.schemas import Line
from app.core.bounds import Input

ReportReason = Literal["sold", "price", "fraud", "wrong", "stolen", "twice", "other"]
REASONS: tuple[ReportReason, ...] = ("sold", "price", "fraud", "wrong", "stolen", "twice", "other")


class ReportForm(Input, frozen=True, kw_only=True):
    """`website` is a trap: nobody sees the field."""

    reason: ReportReason
    note: Annotated[str, Meta(max_length=1000)] = ""
    website: Line = ""
