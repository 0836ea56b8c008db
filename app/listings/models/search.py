"""What searches read: two narrow tables, the codes they speak in, and what there is of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.core.ids import Id

_LIVE_ROW = text("live")
_COVERED = ("year", "looks", "odometer_km", "asking_price", "engine_cc", "registered", "trim")
_VACUUM: dict[str, Any] = {
    "autovacuum_vacuum_scale_factor": 0.005,
    "autovacuum_vacuum_threshold": 500,
    "autovacuum_vacuum_insert_scale_factor": 0.005,
    "autovacuum_analyze_scale_factor": 0.02,
    "autovacuum_vacuum_cost_delay": 0,
}
"""Counts are index-only scans, and those live by the visibility map. Its migration sets these."""


class SearchCode(Base):
    """A number for a slug, for good: `model` is make/model, `trim` make/model/trim. Read by all, only ever added to."""

    __tablename__ = "search_code"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(SmallInteger)


class ListingSearch(Base):
    """Ids and filter columns of every listing that is not deleted. Outside row-level security.

    Full text and facets under row-level security lose their indexes; whoever reads here reads the hits again through
    `Listing`. `offered`: its own state lets anybody find it; `live`: and its org is open. `make` to `registered` are
    codes, `kinds` and `looks` bits (`rules.PACKED`), 0 where nothing is said. `fresh_at`: last put up or refreshed.
    """

    __tablename__ = "listing_search"
    __table_args__ = (
        Index("ix_listing_search_by_car", "make", "model", "kinds", "city", *_COVERED, postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_by_city", "city", "make", "model", "kinds", *_COVERED, postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_rank", text("rank desc"), postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_newest", text("fresh_at desc"), postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_price", "asking_price", postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_km", "odometer_km", postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_year", text("year desc"), text("fresh_at desc"), postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_org", "org_id"),
    )

    id: Mapped[Id] = mapped_column(ForeignKey("listing.id", ondelete="cascade"), primary_key=True)
    org_id: Mapped[Id]
    branch_id: Mapped[Id | None]
    asking_price: Mapped[int | None]
    fresh_at: Mapped[datetime | None]
    version: Mapped[int]
    rank: Mapped[int] = mapped_column(Integer)
    odometer_km: Mapped[int | None] = mapped_column(Integer)
    make: Mapped[int] = mapped_column(SmallInteger)
    model: Mapped[int] = mapped_column(SmallInteger)
    trim: Mapped[int] = mapped_column(SmallInteger)
    city: Mapped[int] = mapped_column(SmallInteger)
    year: Mapped[int | None] = mapped_column(SmallInteger)
    engine_cc: Mapped[int | None] = mapped_column(SmallInteger)
    kinds: Mapped[int] = mapped_column(SmallInteger)
    looks: Mapped[int] = mapped_column(SmallInteger)
    registered: Mapped[int] = mapped_column(SmallInteger)
    offered: Mapped[bool]
    live: Mapped[bool]


class ListingText(Base):
    """The words of a listing, folded; apart from the filters because they are wide. Outside row-level security."""

    __tablename__ = "listing_text"
    __table_args__ = (Index("ix_listing_text_words", "words", postgresql_using="gin"),)

    id: Mapped[Id] = mapped_column(ForeignKey("listing.id", ondelete="cascade"), primary_key=True)
    org_id: Mapped[Id]
    words: Mapped[Any] = mapped_column(TSVECTOR)


class ListingTally(Base):
    """How many live listings have a value, as amounts to be added up: a trigger on `listing_search` adds a row for
    every change, a schedule folds them. What counting the whole market would cost a second is here in a millisecond.
    """

    __tablename__ = "listing_tally"

    id: Mapped[int] = mapped_column(primary_key=True)
    facet: Mapped[str]
    code: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[int]
