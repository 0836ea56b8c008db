"""Addresses that sheets are pulled from by themselves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.crypto import Place, unseal
from app.core.ids import Id


class FeedSource(OrgOwned, Base):
    """A dealer's sheet at an address, fetched every so many hours.

    `waiting` is for columns that somebody has to settle first; `why` is the code of what stands in the way. `asked_at`
    is set while a fetch is on its way. `etag`, `last_modified` and `digest` are those of the last sheet that became a
    run: while they are the same, there is nothing to do. `file_id` and `run_id` are the latest that came of it.
    """

    __tablename__ = "feed_source"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        ForeignKeyConstraint(["org_id", "file_id"], ["feed_file.org_id", "feed_file.id"]),
        ForeignKeyConstraint(["org_id", "run_id"], ["feed_run.org_id", "feed_run.id"]),
        UniqueConstraint("org_id", "id"),
        CheckConstraint(
            "state in ('active', 'paused', 'waiting') and auth in ('none', 'basic', 'bearer') "
            "and every_hours between 1 and 168",
            name="words",
        ),
        Index("ix_feed_source_due", "next_at", postgresql_where=text("state = 'active'")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    branch_id: Mapped[Id | None]
    name: Mapped[str]
    url: Mapped[str]
    auth: Mapped[str] = mapped_column(server_default="none")
    auth_user: Mapped[str | None]
    secret_sealed: Mapped[bytes | None]
    publish: Mapped[bool] = mapped_column(server_default=text("true"))
    full_stock: Mapped[bool] = mapped_column(server_default=text("false"))
    unlist_after: Mapped[int] = mapped_column(server_default=text("2"))
    every_hours: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="active")
    outcome: Mapped[str | None]
    why: Mapped[str | None]
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    digest: Mapped[bytes | None]
    file_id: Mapped[Id | None]
    run_id: Mapped[Id | None]
    next_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    created_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    @property
    def secret(self) -> str | None:
        return unseal(self.secret_sealed, secret_place(self.org_id, self.id)) if self.secret_sealed else None


def secret_place(org_id: Id, source_id: Id) -> Place:
    return Place("feed_source", "secret", org_id, source_id)
