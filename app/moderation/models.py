"""The table of reports."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class Report(OrgOwned, Base):
    """One browser's word against one advert. It belongs to the platform: the seller is not told who spoke.

    `reporter` is the browser's fingerprint; with a `suspicion` it was sent by a robot, and waits for nobody.
    """

    __tablename__ = "report"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        UniqueConstraint("listing_id", "reporter"),
        CheckConstraint("reason in ('sold', 'price', 'fraud', 'wrong', 'stolen', 'twice', 'other')", name="reason"),
        CheckConstraint("status in ('open', 'upheld', 'dismissed', 'spam')", name="status"),
        Index("ix_report_open", "org_id", "at", "id", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    listing_id: Mapped[Id] = mapped_column(ForeignKey("listing.id", ondelete="cascade"))
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    lang: Mapped[str] = mapped_column(server_default="en")
    reporter: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    suspicion: Mapped[str | None]
    at: Mapped[datetime]
