"""Tables of service levels: when branches are open, the days that differ, and which answer is due when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class BusinessHours(OrgOwned, Base):
    """The week of one branch, or (without `branch_id`) of every branch that has none of its own.

    `week` maps mon … sun to hours as people write them: `10:00-13:00 14:30-20:00`.
    """

    __tablename__ = "business_hours"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("org_id", "branch_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    branch_id: Mapped[Id | None]
    week: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class BranchDay(OrgOwned, Base):
    """The day of a branch that closes next, and when: by its hours as they are now. `closed` is the last that has."""

    __tablename__ = "branch_day"
    __table_args__ = (
        PrimaryKeyConstraint("branch_id"),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        Index("ix_branch_day_closes", "closes_at", postgresql_where=text("closes_at is not null")),
    )

    branch_id: Mapped[Id]
    day: Mapped[date | None]
    closes_at: Mapped[datetime | None]
    closed: Mapped[date | None]


class SpecialDays(OrgOwned, Base):
    """Days from `first` to `last` that differ, at one branch or (without `branch_id`) at all.

    `kind` is closure, timetable (with a `week` of its own: Ramadan) or dismissed: a suggested holiday nobody wants.
    `holiday` is the key of the suggestion it came from.
    """

    __tablename__ = "special_days"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        Index(None, "org_id", "first"),
        Index(
            "uq_special_days_holiday", "org_id", "branch_id", "holiday", unique=True,
            postgresql_nulls_not_distinct=True, postgresql_where=text("holiday is not null"),
        ),
    )  # fmt: skip

    id: Mapped[Id] = mapped_column(primary_key=True)
    branch_id: Mapped[Id | None]
    kind: Mapped[str]
    name: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    week: Mapped[dict[str, Any] | None]
    holiday: Mapped[str | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class SlaPolicy(OrgOwned, Base):
    """What is due when for leads that fit the `conditions`; the first in order of `position` counts.

    Targets are minutes of open time, or working days (`_days`), never both. What runs already keeps the policy it began
    under.
    """

    __tablename__ = "sla_policy"
    __table_args__ = (ForeignKeyConstraint(["org_id"], ["org.id"]), Index(None, "org_id", "position"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]
    conditions: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    first_response: Mapped[int | None]
    next_response: Mapped[int | None]
    resolution: Mapped[int | None]
    first_response_days: Mapped[int | None]
    next_response_days: Mapped[int | None]
    resolution_days: Mapped[int | None]
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    hours: Mapped[str] = mapped_column(server_default="business")
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
