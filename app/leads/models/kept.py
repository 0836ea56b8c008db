"""Tables of what an org keeps beside its leads: canned replies and saved views."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class ReplyTemplate(OrgOwned, Base):
    """A canned reply in up to three languages, found by its key: /price. Variables stand in braces."""

    __tablename__ = "reply_template"
    __table_args__ = (ForeignKeyConstraint(["org_id"], ["org.id"]), UniqueConstraint("org_id", "key"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    body_en: Mapped[str] = mapped_column(server_default="")
    body_ur: Mapped[str] = mapped_column(server_default="")
    body_roman: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class LeadView(OrgOwned, Base):
    """A saved set of filters over the inbox, of one person or (without `owner_id`) of the team."""

    __tablename__ = "lead_view"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        Index(None, "org_id", "owner_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    name: Mapped[str]
    filters: Mapped[dict[str, Any]]
    created_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
