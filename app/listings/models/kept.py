"""What an org keeps beside its listings."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
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
