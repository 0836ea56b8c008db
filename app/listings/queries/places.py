"""Makes, models and cities as addresses call them, in either language, now and before."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, or_, select

from app.core.base import Db
from app.core.ids import Id
from app.taxonomy.models import FormerName, Location
from app.vehicles.models import Make, Model


class Place(Struct, frozen=True):
    """One part of a landing page's address. `id` is None of what is no row: a body."""

    slug: str
    name: str
    name_ur: str
    id: Id | None = None

    def in_(self, lang: str) -> str:
        return (self.name_ur if lang == "ur" else self.name) or self.name


async def make_called(db: Db, slug: str, lang: str) -> Place | None:
    return await _called(db, Make, "make", slug, lang)


async def model_called(db: Db, make: Place, slug: str, lang: str) -> Place | None:
    return await _called(db, Model, "model", slug, lang, Model.make_id == make.id)


async def city_called(db: Db, slug: str, lang: str) -> Place | None:
    return await _called(db, Location, "place", slug, lang, Location.kind == "city")


async def _called(db: Db, table: Any, kind: str, slug: str, lang: str, *among: ColumnElement[bool]) -> Place | None:
    """By what it is called in either language now, else by what it was called last; None for what never was."""
    slug = slug.lower()
    own = table.slug == slug if lang == "en" else urdu(table.name_ur) == slug
    row = select(table.slug, table.name, table.name_ur, table.id).where(*among)
    found = await db.execute(
        row.where(or_(table.slug == slug, urdu(table.name_ur) == slug)).order_by(own.desc(), table.id).limit(1)
    )
    if (now := found.one_or_none()) is None:
        past = (
            select(FormerName.target_id)
            .join(table, table.id == FormerName.target_id)
            .where(FormerName.kind == kind, or_(FormerName.slug == slug, urdu(FormerName.name_ur) == slug), *among)
            .order_by(FormerName.id.desc())
            .limit(1)
        )
        now = (await db.execute(row.where(table.id == past.scalar_subquery()))).one_or_none()
    return Place(*now) if now is not None else None


def urdu(name: Any) -> ColumnElement[str]:
    """An Urdu name as it stands in addresses; `rules.urdu_slug` in SQL."""
    return func.lower(func.replace(name, " ", "-"))


async def models_of(db: Db, make: Place, slugs: Sequence[str]) -> dict[str, Place]:
    """Names of these models; a slug means a model of this make."""
    row = select(Model.slug, Model.name, Model.name_ur, Model.id)
    found = await db.execute(row.where(Model.make_id == make.id, Model.slug.in_(slugs)))
    return {one.slug: Place(*one) for one in found}


async def makes_of(db: Db, slugs: Sequence[str]) -> dict[str, Place]:
    found = await db.execute(select(Make.slug, Make.name, Make.name_ur, Make.id).where(Make.slug.in_(slugs)))
    return {one.slug: Place(*one) for one in found}


async def cities_of(db: Db, slugs: Sequence[str]) -> dict[str, Place]:
    row = select(Location.slug, Location.name, Location.name_ur, Location.id)
    return {one.slug: Place(*one) for one in await db.execute(row.where(Location.slug.in_(slugs)))}
