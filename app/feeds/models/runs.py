"""Runs of imports: how far each is, what it changed, what it could not take."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id

STATES = ("waiting", "running", "held", "done", "failed", "stopped", "undoing", "undone")
_ZERO = text("0")
_LIST = text("'[]'::jsonb")


class FeedRun(OrgOwned, Base):
    """One import of one file. `checkpoint` is the row it has got to; everything up to there is done for good.

    `stage` is `check` while a full stock is looked through before anything is written, then `write`, then `sweep` for
    the cars that are missing. `within` is the only branch whose cars it may touch, where who asked is a member of one.
    `created` includes `doubted`; `skipped` are rows that say the same car again.
    """

    __tablename__ = "feed_run"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "file_id"], ["feed_file.org_id", "feed_file.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("org_id", "id"),
        CheckConstraint(
            "state in ('waiting', 'running', 'held', 'done', 'failed', 'stopped', 'undoing', 'undone') "
            "and stage in ('check', 'write', 'sweep')",
            name="words",
        ),
        Index(None, "org_id", "created_at", "id"),
        Index("uq_feed_run_one_at_a_time", "org_id", unique=True, postgresql_where=text("state = 'running'")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    file_id: Mapped[Id]
    mapping_id: Mapped[Id | None]
    branch_id: Mapped[Id | None]
    within: Mapped[Id | None]
    columns: Mapped[dict[str, Any]]
    dry_run: Mapped[bool]
    publish: Mapped[bool] = mapped_column(server_default=text("true"))
    full_stock: Mapped[bool] = mapped_column(server_default=text("false"))
    unlist_after: Mapped[int] = mapped_column(server_default=text("2"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    stage: Mapped[str] = mapped_column(server_default="write")
    approved_by: Mapped[Id | None]
    why: Mapped[str | None]
    total: Mapped[int | None]
    checkpoint: Mapped[int] = mapped_column(server_default=_ZERO)
    read: Mapped[int] = mapped_column(server_default=_ZERO)
    created: Mapped[int] = mapped_column(server_default=_ZERO)
    updated: Mapped[int] = mapped_column(server_default=_ZERO)
    unchanged: Mapped[int] = mapped_column(server_default=_ZERO)
    skipped: Mapped[int] = mapped_column(server_default=_ZERO)
    rejected: Mapped[int] = mapped_column(server_default=_ZERO)
    doubted: Mapped[int] = mapped_column(server_default=_ZERO)
    repriced: Mapped[int] = mapped_column(server_default=_ZERO)
    missing: Mapped[int] = mapped_column(server_default=_ZERO)
    unlisted: Mapped[int] = mapped_column(server_default=_ZERO)
    restored: Mapped[int] = mapped_column(server_default=_ZERO)
    conflicts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=_LIST)
    unknown: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=_LIST)
    started_by: Mapped[Id | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    advanced_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class FeedSeen(OrgOwned, Base):
    """A key that a run has met: number and hash of its first row, how many equal ones came. Gone when the run ends."""

    __tablename__ = "feed_seen"
    __table_args__ = (PrimaryKeyConstraint("run_id", "stage", "key"),)

    run_id: Mapped[Id]
    stage: Mapped[str]
    key: Mapped[str]
    hash: Mapped[bytes]
    times: Mapped[int]
    number: Mapped[int] = mapped_column(server_default=_ZERO)


class FeedReject(OrgOwned, Base):
    """A row that could not be taken, whole, with everything that is wrong with it."""

    __tablename__ = "feed_reject"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "number"),
        ForeignKeyConstraint(["org_id", "run_id"], ["feed_run.org_id", "feed_run.id"], ondelete="cascade"),
    )

    run_id: Mapped[Id]
    number: Mapped[int]
    cells: Mapped[list[str]] = mapped_column(JSONB)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class FeedChange(OrgOwned, Base):
    """What a run did to one car: the values before and after. `before` is None where it came new."""

    __tablename__ = "feed_change"
    __table_args__ = (PrimaryKeyConstraint("run_id", "listing_id"),)

    run_id: Mapped[Id]
    listing_id: Mapped[Id]
    number: Mapped[int]
    key: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    restored: Mapped[bool] = mapped_column(server_default=text("false"))
