"""Tables of notices: what each person is told, by which ways it went out, and what they want to hear."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id

WAITING = "shown_at is null and dropped_as is null"
UNREAD = "shown_at is not null and read_at is null and dropped_as is null"


class Notice(OrgOwned, Base):
    """Word to one person. It may reach them at `show_at` and did at `shown_at`, or never will: `dropped_as` says why.

    `told_of` names what happened, so that nobody is told twice; `clock_id` is the deadline it is about. `data` holds
    no buyer's details.
    """

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"]),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "person_id", "told_of"),
        Index(None, "org_id", "person_id", "created_at", "id"),
        Index("ix_notice_unread", "org_id", "person_id", postgresql_where=text(UNREAD)),
        Index("ix_notice_waiting", "show_at", postgresql_where=text(WAITING)),
        Index(None, "created_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str]
    told_of: Mapped[str]
    lead_id: Mapped[Id | None]
    clock_id: Mapped[Id | None]
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_at: Mapped[datetime]
    show_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    dropped_as: Mapped[str | None]


class NoticeDelivery(OrgOwned, Base):
    """One way out of the desk: mail, sms or whatsapp. `status` is waiting, sending, sent, failed or off."""

    __tablename__ = "notice_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "notice_id"], ["notice.org_id", "notice.id"], ondelete="cascade"),
        UniqueConstraint("org_id", "notice_id", "channel"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    notice_id: Mapped[Id]
    channel: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="waiting")
    reason: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class NoticeChoice(OrgOwned, Base):
    """What a person has changed of what they hear of, and how; the rest is as `rules` says."""

    __tablename__ = "notice_choice"
    __table_args__ = (
        PrimaryKeyConstraint("org_id", "person_id", "kind", "channel"),
        ForeignKeyConstraint(["org_id"], ["org.id"]),
    )

    person_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str]
    channel: Mapped[str]
    wanted: Mapped[bool]
