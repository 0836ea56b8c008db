"""Which car of the stock is which row of the dealer's sheet."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class ListingSource(OrgOwned, Base):
    """The row a car came from: its key, the hash that tells whether the row has changed, and what it said last.

    `missed` counts the full stocks in a row that did not have it.
    """

    __tablename__ = "listing_source"
    __table_args__ = (
        PrimaryKeyConstraint("org_id", "key"),
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
        Index(None, "listing_id"),
    )

    key: Mapped[str]
    listing_id: Mapped[Id]
    hash: Mapped[bytes]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    run_id: Mapped[Id]
    missed: Mapped[int] = mapped_column(server_default=text("0"))
