"""The table of pictures."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgRow, Scope, visible
from app.core.ids import Id


class Media(OrgRow, Base):
    """One picture of a listing. It is waiting until it has been looked at, then ready, or failed with its `error`.

    `source_key` is the file as it came, kept only while it waits; `renditions` are the files made of it. `checksum` is
    of what came, `looks` a hash of how it looks. A `drawing` names one of our own. What was removed can be brought back
    until `purge_at`.
    """

    __tablename__ = "media"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "listing_id"], ["listing.org_id", "listing.id"], ondelete="cascade"),
        UniqueConstraint("source_key"),
        CheckConstraint(
            "state in ('waiting', 'ready', 'failed') and source in ('upload', 'url', 'drawing')", name="words"
        ),
        CheckConstraint("state <> 'ready' or (width > 0 and height > 0 and checksum is not null)", name="seen"),
        Index(None, "listing_id", "position", postgresql_where=text("removed_at is null")),
        Index("ix_media_purge", "purge_at", postgresql_where=text("purge_at is not null")),
        Index("ix_media_looks", "org_id", "looks", postgresql_where=text("looks is not null")),
        Index("ix_media_drawing", "org_id", "drawing", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    listing_id: Mapped[Id]
    kind: Mapped[str] = mapped_column(server_default="image")
    position: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="waiting")
    source: Mapped[str]
    source_key: Mapped[str | None]
    source_url: Mapped[str | None]
    drawing: Mapped[str | None]
    expected: Mapped[str | None]
    error: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    checksum: Mapped[str | None]
    looks: Mapped[int | None]
    quality: Mapped[int | None]
    analysis: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    renditions: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    purge_at: Mapped[datetime | None]


@visible(Media)
def _own(scope: Scope) -> ColumnElement[bool]:
    """Its org's. Whoever sees a listing sees its pictures: that wider rule stands where listings are known."""
    return Media.org_id == scope.org_id if scope.org_id is not None else false()
