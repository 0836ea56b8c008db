"""Tables of the round: how a branch hands out its leads, and who can be given one now."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class LeadRound(OrgOwned, Base):
    """Whether a branch hands out new leads in turn, and how many open ones one person is given at most.

    `due_at` is set by whatever may let a lead find somebody; the round is then gone through once. `last_turns` has when
    each person last got one.
    """

    __tablename__ = "lead_round"
    __table_args__ = (
        PrimaryKeyConstraint("branch_id"),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        Index("ix_lead_round_due", "due_at", postgresql_where=text("due_at is not null")),
    )

    branch_id: Mapped[Id]
    turns: Mapped[bool] = mapped_column(server_default=text("false"))
    capacity: Mapped[int] = mapped_column(server_default=text("10"))
    due_at: Mapped[datetime | None]
    last_turns: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Duty(OrgOwned, Base):
    """Whether a member takes leads: `on_duty` is their own word, `online_until` ends unless a screen of theirs is open.

    `stays` keeps them online without one: a phone in a pocket. `capacity` is their own, where it is not the branch's.
    """

    __tablename__ = "duty"
    __table_args__ = (
        PrimaryKeyConstraint("org_id", "user_id"),
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        Index("ix_duty_online", "online_until", postgresql_where=text("online_until is not null")),
    )

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    on_duty: Mapped[bool] = mapped_column(server_default=text("true"))
    stays: Mapped[bool] = mapped_column(server_default=text("false"))
    capacity: Mapped[int | None]
    online_until: Mapped[datetime | None]
