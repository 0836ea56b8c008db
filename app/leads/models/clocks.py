"""Tables of deadlines: the clocks of each lead, and the pauses in which they stand."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class LeadClock(OrgOwned, Base):
    """One deadline of a lead: `kind` is first_response, next_response or resolution.

    It keeps the policy it began under; `target_days` are working days, where it is not `target_s` of open time.
    `due_at`, `warn_at` and `call_at` (when little time is left) are empty while it is paused for good. It ends as met,
    closed, spam or merged, by the action (or the merge into the lead) `ended_by`; `took_s` is the open time it then had
    run. Undoing the action starts it again. `follows_id` is the clock it goes on from.
    """

    __tablename__ = "lead_clock"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"]),
        Index("uq_lead_clock_running", "lead_id", "kind", unique=True, postgresql_where=text("ended_at is null")),
        Index(None, "lead_id", "started_at"),
        Index("ix_lead_clock_ended", "org_id", "ended_at", postgresql_where=text("ended_at is not null")),
        Index("ix_lead_clock_breached", "org_id", "breached_at", postgresql_where=text("breached_at is not null")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    lead_id: Mapped[Id]
    kind: Mapped[str]
    policy_id: Mapped[Id | None]
    policy_name: Mapped[str]
    policy_version: Mapped[int]
    hours: Mapped[str]
    urgent: Mapped[bool]
    target_s: Mapped[int]
    target_days: Mapped[int | None]
    spent_s: Mapped[int] = mapped_column(server_default=text("0"))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    call_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None]
    ended_by: Mapped[Id | None]
    took_s: Mapped[int | None]
    follows_id: Mapped[Id | None]


class LeadPause(OrgOwned, Base):
    """A time in which no deadline of the lead runs. `ends_at` was foreseen, `ended_at` is when it ended."""

    __tablename__ = "lead_pause"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"]),
        Index(None, "lead_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    lead_id: Mapped[Id]
    reason: Mapped[str]
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
