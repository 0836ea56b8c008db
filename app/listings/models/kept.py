"""What an org keeps beside its listings."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class CostSheet(OrgOwned, Base):
    """What a listing has cost: read and written as a whole, by those who answer for money."""

    __tablename__ = "cost_sheet"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
        CheckConstraint("total >= 0", name="total"),
    )

    listing_id: Mapped[Id] = mapped_column(primary_key=True)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    total: Mapped[int]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))


class StockBatch(OrgOwned, Base):
    """One change of many listings: shown first, then applied, and undone within a day. `action` is what was asked."""

    __tablename__ = "stock_batch"
    __table_args__ = (
        UniqueConstraint("org_id", "id"),
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        CheckConstraint("state in ('shown', 'applied', 'undone')", name="state"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    action: Mapped[dict[str, Any]]
    state: Mapped[str]
    made_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class StockBatchCar(OrgOwned, Base):
    """What a batch does to one listing: its fields before and after, and the version that counts for the next step.

    `skipped` is the code of why it was, or is, left alone.
    """

    __tablename__ = "stock_batch_car"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "batch_id"], ["stock_batch.org_id", "stock_batch.id"], ondelete="cascade"),
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
    )

    batch_id: Mapped[Id] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[Id]
    version: Mapped[int]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    skipped: Mapped[str | None]


class StockView(OrgOwned, Base):
    """A saved set of filters over the stock, of one person or (without `owner_id`) of the team."""

    __tablename__ = "stock_view"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        Index(None, "org_id", "owner_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    name: Mapped[str]
    filters: Mapped[dict[str, Any]]
    made_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]


class ListingPair(OrgOwned, Base):
    """Two listings of which somebody said that they are not the same car."""

    __tablename__ = "listing_pair"
    __table_args__ = (
        ForeignKeyConstraint(
            ["org_id", "first_id"], ["listing.org_id", "listing.id"], name="fk_listing_pair_first", ondelete="cascade"
        ),
        ForeignKeyConstraint(
            ["org_id", "second_id"], ["listing.org_id", "listing.id"], name="fk_listing_pair_second", ondelete="cascade"
        ),
        CheckConstraint("first_id < second_id", name="order"),
    )

    first_id: Mapped[Id] = mapped_column(primary_key=True)
    second_id: Mapped[Id] = mapped_column(primary_key=True)
    parted_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    parted_at: Mapped[datetime]
