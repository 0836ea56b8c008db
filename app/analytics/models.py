"""Tables of what the public looks at (without names, addresses or cookies: only how often, by day), and of screens."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id

_NONE = text("0")


class ListingDay(OrgOwned, Base):
    """What one listing got on one day in Karachi. `card_views` and `card_leads`: of these, those that came by the
    card in its window."""

    __tablename__ = "listing_day"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
        Index(None, "org_id", "day"),
    )

    listing_id: Mapped[Id] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    impressions: Mapped[int] = mapped_column(server_default=_NONE)
    views: Mapped[int] = mapped_column(server_default=_NONE)
    card_views: Mapped[int] = mapped_column(server_default=_NONE)
    clicks: Mapped[int] = mapped_column(server_default=_NONE)
    phone_reveals: Mapped[int] = mapped_column(server_default=_NONE)
    whatsapp_clicks: Mapped[int] = mapped_column(server_default=_NONE)
    enquiries: Mapped[int] = mapped_column(server_default=_NONE)
    card_leads: Mapped[int] = mapped_column(server_default=_NONE)


class BoardScreen(OrgOwned, Base):
    """A screen on a wall that shows the board of a branch, or of the whole org, to who knows its address.

    The secret is told once, when it is made; only its digest is kept.
    """

    __tablename__ = "board_screen"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("token_hash"),
        Index(None, "org_id", "made_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    branch_id: Mapped[Id | None]
    name: Mapped[str]
    lang: Mapped[str]
    token_hash: Mapped[bytes]
    made_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]


class MarketDay(Base):
    """What was done on the market as a whole on one day: `kind` filter or page, `name` which one. The platform's."""

    __tablename__ = "market_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class CountBatch(Base):
    """Counts that have been summed: the same batch sent twice counts once."""

    __tablename__ = "count_batch"

    id: Mapped[Id] = mapped_column(primary_key=True)
    at: Mapped[datetime]
