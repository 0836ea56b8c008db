"""The two narrow tables that searches read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.core.ids import Id

_LIVE_ROW = text("live")


class ListingSearch(Base):
    """Ids and filter columns of every listing that is not deleted, as slugs. Outside row-level security.

    Full text and facets under row-level security lose their indexes; whoever reads here reads the hits again through
    `Listing`. `live`: anybody may find it. `auction` is `sheet` where there is one,
    `fresh_at` when it was last put up or refreshed: what is newest.
    """

    __tablename__ = "listing_search"
    __table_args__ = (
        Index("ix_listing_search_newest", text("fresh_at desc"), "id", postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_price", "asking_price", text("fresh_at desc"), postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_km", "odometer_km", postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_year", text("year desc"), text("fresh_at desc"), postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_car", "make", "model", "city", "year", postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_city", "city", "make", "model", postgresql_where=_LIVE_ROW),
        Index("ix_listing_search_org", "org_id", "branch_id", text("fresh_at desc")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    org_id: Mapped[Id]
    branch_id: Mapped[Id | None]
    live: Mapped[bool]
    status: Mapped[str]
    visibility: Mapped[str]
    channel: Mapped[str]
    make: Mapped[str | None]
    model: Mapped[str | None]
    city: Mapped[str | None]
    year: Mapped[int | None]
    asking_price: Mapped[int | None]
    odometer_km: Mapped[int | None]
    engine_cc: Mapped[int | None]
    body: Mapped[str | None]
    fuel: Mapped[str | None]
    transmission: Mapped[str | None]
    assembly: Mapped[str | None]
    colour: Mapped[str | None]
    registered: Mapped[str | None]
    auction: Mapped[str | None]
    paint: Mapped[str | None]
    condition: Mapped[str]
    seller: Mapped[str]
    quality_score: Mapped[int]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    fresh_at: Mapped[datetime | None]
    version: Mapped[int]


class ListingText(Base):
    """The words of a listing, folded; apart from the filters because they are wide. Outside row-level security."""

    __tablename__ = "listing_text"
    __table_args__ = (Index("ix_listing_text_words", "words", postgresql_using="gin"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    org_id: Mapped[Id]
    live: Mapped[bool]
    words: Mapped[Any] = mapped_column(TSVECTOR)
