"""Tables of the catalogue. Tenancy class reference: read by all, written by the seed and the platform's staff."""

from sqlalchemy import Float, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.core.ids import Id


class Make(Base):
    __tablename__ = "vehicle_make"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_ur: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    weight: Mapped[int]


class Model(Base):
    """`year_to` is None while it is sold; `weight` is its share of the used market, for ordering."""

    __tablename__ = "vehicle_model"
    __table_args__ = (UniqueConstraint("make_id", "slug"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    make_id: Mapped[Id] = mapped_column(ForeignKey("vehicle_make.id"))
    slug: Mapped[str]
    name: Mapped[str]
    name_ur: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    body: Mapped[str]
    engines_cc: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    battery_kwh: Mapped[list[float]] = mapped_column(ARRAY(Float))
    fuels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    assembly: Mapped[list[str]] = mapped_column(ARRAY(Text))
    year_from: Mapped[int]
    year_to: Mapped[int | None]
    weight: Mapped[int]


class Trim(Base):
    """A variant buyers ask for by name."""

    __tablename__ = "vehicle_trim"
    __table_args__ = (UniqueConstraint("model_id", "slug"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    model_id: Mapped[Id] = mapped_column(ForeignKey("vehicle_model.id"))
    slug: Mapped[str]
    name: Mapped[str]
    engine_cc: Mapped[int | None]
    transmission: Mapped[str | None]
    year_from: Mapped[int | None]
    year_to: Mapped[int | None]
