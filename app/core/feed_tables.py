"""Tables of the spine: feed, event, audit record, job, tick, idempotency key."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id


class Feed(OrgOwned, Base):
    """The ordered list of facts of one org: its head, and the head of its audit chain."""

    __tablename__ = "feed"
    __table_args__ = (PrimaryKeyConstraint("org_id"),)

    epoch: Mapped[Id]
    seq: Mapped[int]
    audit_hash: Mapped[bytes]


class EventRow(OrgOwned, Base):
    """One fact at its place in the feed."""

    __tablename__ = "event"
    __table_args__ = (PrimaryKeyConstraint("org_id", "seq"), Index("ix_event_at", "at", postgresql_using="brin"))

    seq: Mapped[int]
    id: Mapped[Id]
    tag: Mapped[str]
    payload: Mapped[dict[str, Any]]
    branch_id: Mapped[Id | None]
    actor_id: Mapped[Id | None]
    request_id: Mapped[str | None]
    at: Mapped[datetime]


class AuditRecord(OrgOwned, Base):
    """Who changed what: append only, each hash covering the one before it."""

    __tablename__ = "audit_record"
    __table_args__ = (PrimaryKeyConstraint("org_id", "seq"), Index(None, "org_id", "entity", "entity_id", "seq"))

    seq: Mapped[int]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[Id]
    diff: Mapped[dict[str, Any]]
    actor_id: Mapped[Id | None]
    request_id: Mapped[str | None]
    at: Mapped[datetime]
    hash: Mapped[bytes]


class Job(OrgOwned, Base):
    """A promise: kept in PostgreSQL, executed through arq under a lease."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("org_id", "event_seq", "kind"),
        Index(None, "queue", "org_id", "run_at", postgresql_where=text("done_at is null and dead_at is null")),
        Index("ix_job_created_at", "created_at", postgresql_using="brin"),
        Index("ix_job_dead", "dead_at", postgresql_where=text("dead_at is not null")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    queue: Mapped[str]
    kind: Mapped[str]
    args: Mapped[dict[str, Any]]
    event_seq: Mapped[int | None]
    run_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")
    crashes: Mapped[int] = mapped_column(server_default="0")
    lease_token: Mapped[Id | None]
    lease_until: Mapped[datetime | None]
    holder: Mapped[int | None] = mapped_column(BigInteger)
    last_error: Mapped[str | None]
    trace: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]


class Tick(Base):
    """One due moment of a schedule: the row that exists is the tick that ran."""

    __tablename__ = "tick"
    __table_args__ = (PrimaryKeyConstraint("name", "at"),)

    name: Mapped[str]
    at: Mapped[datetime]
    taken_at: Mapped[datetime]


class IdempotencyKey(OrgOwned, Base):
    """The first answer given to a key, stored with the change that it made."""

    __tablename__ = "idempotency_key"
    __table_args__ = (PrimaryKeyConstraint("org_id", "key"), Index("ix_idempotency_key_created_at", "created_at"))

    key: Mapped[str]
    request_hash: Mapped[bytes]
    status: Mapped[int]
    response: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


FEED: Table = Feed.__table__  # type: ignore[assignment]
EVENT: Table = EventRow.__table__  # type: ignore[assignment]
AUDIT: Table = AuditRecord.__table__  # type: ignore[assignment]
JOB: Table = Job.__table__  # type: ignore[assignment]
