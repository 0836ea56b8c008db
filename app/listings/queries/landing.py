"""What the market has of one make, model, city or body: names in addresses, how many, and what they ask."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, or_, select, tuple_

from app.core.base import Db
from app.core.ids import Id
from app.listings.models import ListingSearch as Found
from app.listings.queries.cards import hits
from app.listings.schemas import ListingHit
from app.orgs.models import Storefront
from app.taxonomy.models import FormerName, Location
from app.vehicles.models import Make, Model

KINDS = ("make", "model", "city", "body")


class Place(Struct, frozen=True):
    """One part of a landing page's address. `id` is None of what is no row: a body."""

    slug: str
    name: str
    name_ur: str
    id: Id | None = None

    def in_(self, lang: str) -> str:
        return (self.name_ur if lang == "ur" else self.name) or self.name


class Share(Struct, frozen=True):
    """How many cars of one value, the least and the middle price where any of them has one."""

    value: str
    count: int
    least: int | None
    middle: int | None


class Figures(Struct, frozen=True, kw_only=True):
    """`by` holds shares of each field that the page does not fix itself, the most first; years the newest first."""

    total: int
    priced: int
    least: int | None
    middle: int | None
    most: int | None
    by: dict[str, list[Share]]
    newest: list[ListingHit]


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


async def figures(db: Db, asked: dict[str, str], newest: int = 12) -> Figures:
    """`asked` holds slugs of make, model, city, body."""
    here = _here(asked)
    price = Found.asking_price
    total, priced, least, middle, most = (
        await db.execute(
            select(
                func.count(), func.count(price), func.min(price),
                func.percentile_disc(0.5).within_group(price), func.max(price),
            ).where(*here)
        )
    ).one()  # fmt: skip
    ids = await db.scalars(
        select(Found.id).where(*here).order_by(Found.fresh_at.desc().nulls_last(), Found.id.desc()).limit(newest)
    )
    return Figures(
        total=total,
        priced=priced,
        least=least,
        middle=middle,
        most=most,
        by=await _shares(db, here, [name for name in (*KINDS, "year") if name not in asked]) if total else {},
        newest=await hits(db, list(ids)),
    )


def _here(asked: dict[str, str]) -> list[ColumnElement[bool]]:
    return [
        Found.live.is_(True),
        Found.org_id.in_(select(Storefront.org_id)),
        *(getattr(Found, name) == slug for name, slug in asked.items()),
    ]


async def _shares(db: Db, here: Sequence[ColumnElement[bool]], names: list[str]) -> dict[str, list[Share]]:
    columns = [getattr(Found, name) for name in names]
    price = Found.asking_price
    found = await db.execute(
        select(
            func.grouping(*columns), *columns, func.count(), func.min(price),
            func.percentile_disc(0.5).within_group(price),
        )
        .where(*here)
        .group_by(func.grouping_sets(*(tuple_(column) for column in columns)))
    )  # fmt: skip
    shares: dict[str, list[Share]] = {name: [] for name in names}
    for _set, *row in found:
        values, (count, least, middle) = row[: len(names)], row[len(names) :]
        for name, value in zip(names, values, strict=True):
            if value is not None:
                shares[name].append(Share(str(value), count, least, middle))
    for name, rows in shares.items():
        rows.sort(key=lambda share: -int(share.value) if name == "year" else -share.count)
    return shares


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


class Landing(Struct, frozen=True):
    """A page of the market with cars on it, by the slugs in its address; `changed_at`: the newest of them."""

    asked: dict[str, str]
    count: int
    changed_at: datetime | None


LANDINGS = (("make",), ("make", "model"), ("city",), ("make", "city"), ("make", "model", "city"), ("body",))


async def landings(db: Db, least: int) -> list[Landing]:
    """Every one with at least `least` cars, in a steady order."""
    columns = {name: getattr(Found, name) for name in KINDS}
    sets = func.grouping_sets(*(tuple_(*(columns[name] for name in one)) for one in LANDINGS))
    counted = func.count()
    found = await db.execute(
        select(func.grouping(*columns.values()), *columns.values(), counted, func.max(Found.fresh_at))
        .where(*_here({}))
        .group_by(sets)
        .having(counted >= least)
    )
    pages = []
    for mask, *row in found:
        fixed = [name for bit, name in enumerate(reversed(KINDS)) if not mask & (1 << bit)][::-1]
        asked = {name: row[KINDS.index(name)] for name in fixed}
        if all(asked.values()):
            pages.append(Landing(asked, row[-2], row[-1]))
    return sorted(pages, key=lambda page: (len(page.asked), sorted(page.asked.items())))
