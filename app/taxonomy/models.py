"""Tables of the taxonomy. Tenancy class reference: read by all, written by the seed and the platform's staff."""

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
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
