"""Tables of the taxonomy. Tenancy class reference: read by all, written by the seed and the platform's staff."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.core.ids import Id


class Location(Base):
    """A province, a city in it, or an area of a city."""

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("slug"), Index(None, "parent_id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("location.id"))
    kind: Mapped[str]
    slug: Mapped[str]
    name: Mapped[str]
    name_ur: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    weight: Mapped[int]


class FormerName(Base):
    """What a make, a model or a place was called before: a trigger of its table writes it down.

    `kind` is make, model or place; `slug` and `name_ur`, by which addresses call it, are what they were before the
    change. `followed_at`: since then whoever has cars of that name knows.
    """

    __tablename__ = "former_name"
    __table_args__ = (
        CheckConstraint("kind in ('make', 'model', 'place')", name="kind"),
        Index(None, "kind", "slug"),
        Index("ix_former_name_unfollowed", "id", postgresql_where=text("followed_at is null")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    target_id: Mapped[Id]
    slug: Mapped[str]
    name_ur: Mapped[str]
    at: Mapped[datetime]
    followed_at: Mapped[datetime | None]


class Category(Base):
    """A kind of thing that is offered; listings are of leaves."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("category.id"))
    level: Mapped[int]
    slug: Mapped[str]
    name: Mapped[str]
    name_ur: Mapped[str]
    is_leaf: Mapped[bool]
    place: Mapped[int]


class Attribute(Base):
    """What a category asks of a listing: `options` are key: [English, Urdu]; `least` and `most` bound a number, and
    `most` the length of a text."""

    __tablename__ = "attribute"
    __table_args__ = (
        UniqueConstraint("category_id", "key"),
        CheckConstraint("kind in ('text', 'number', 'bool', 'option')", name="kind"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    category_id: Mapped[Id] = mapped_column(ForeignKey("category.id"))
    key: Mapped[str]
    label: Mapped[str]
    label_ur: Mapped[str]
    kind: Mapped[str]
    unit: Mapped[str | None]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    required: Mapped[bool] = mapped_column(server_default=text("false"))
    least: Mapped[float | None]
    most: Mapped[float | None]
    is_indexed: Mapped[bool] = mapped_column(server_default=text("false"))
    place: Mapped[int]
