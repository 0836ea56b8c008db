"""What a dealer handed in, and what the desk has learned of how that dealer writes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.ids import Id

_NONE = text("'{}'::jsonb")


class FeedFile(OrgOwned, Base):
    """A sheet as it came, kept in the store under `key`; `shape` says how it was read and what its columns hold.

    `total` is the number of its rows, None where counting took too long. `encoding`, `separator` and `tab` are what
    somebody chose in place of what we saw.
    """

    __tablename__ = "feed_file"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        UniqueConstraint("org_id", "id"),
        Index(None, "org_id", "uploaded_at", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    size: Mapped[int]
    digest: Mapped[bytes]
    encoding: Mapped[str | None]
    separator: Mapped[str | None]
    tab: Mapped[str | None]
    shape: Mapped[dict[str, Any]]
    signature: Mapped[bytes]
    total: Mapped[int | None]
    uploaded_by: Mapped[Id | None]
    uploaded_at: Mapped[datetime]


class FeedMapping(OrgOwned, Base):
    """What the columns of such sheets mean: header to field, None for "not imported". One for each set of headers."""

    __tablename__ = "feed_mapping"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "signature"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str]
    signature: Mapped[bytes]
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_NONE)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_NONE)
    saved_by: Mapped[Id | None]
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class FeedWord(OrgOwned, Base):
    """A word of this dealer's sheets and what it means: in `fuel`, "pet" is petrol."""

    __tablename__ = "feed_word"
    __table_args__ = (PrimaryKeyConstraint("org_id", "field", "said"), ForeignKeyConstraint(["org_id"], ["org.id"]))

    field: Mapped[str]
    said: Mapped[str]
    meant: Mapped[str]
    saved_at: Mapped[datetime]
