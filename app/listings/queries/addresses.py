"""Which cars have a page that is to be found, in the order of their numbers; and what became of one that has none."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, func, literal, select

from app.core import db as database
from app.core.base import Db
from app.listings import rules
from app.listings.models import Listing
from app.listings.queries.cards import slug_of
from app.listings.queries.places import Place
from app.orgs.models import Storefront
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model, Trim


class Chunk(Struct, frozen=True):
    """The cars whose numbers are n times the size and on; `changed_at`: when the last of them was changed."""

    n: int
    count: int
    changed_at: datetime


class Address(Struct, frozen=True):
    number: int
    url: str
    changed_at: datetime


def _to_be_found() -> list[ColumnElement[bool]]:
    """Said again beside the scope's own rule, because a dealer sees more and a sitemap is everybody's."""
    return [
        Listing.status.in_(rules.OPEN),
        Listing.visibility == "public",
        Listing.channel == "automart",
        Listing.demo.is_(False),
        Listing.deleted_at.is_(None),
        Listing.org_id.in_(select(Storefront.org_id)),
    ]


async def address_chunks(db: Db, size: int) -> list[Chunk]:
    n = func.div(Listing.number, literal(size, BigInteger))
    found = await db.execute(
        select(n.label("n"), func.count(), func.max(Listing.changed_at)).where(*_to_be_found()).group_by(n).order_by(n)
    )
    return [Chunk(int(number), count, at) for number, count, at in found]


async def addresses(db: Db, *, after: int, until: int, limit: int) -> list[Address]:
    """Of numbers over `after` and under `until`."""
    found = await db.execute(
        select(
            Listing.number, Listing.year, Listing.changed_at, Make.slug.label("make"), Model.slug.label("model"),
            Trim.slug.label("variant"), Location.slug.label("city"),
        )
        .outerjoin(Make, Make.id == Listing.make_id)
        .outerjoin(Model, Model.id == Listing.model_id)
        .outerjoin(Trim, Trim.id == Listing.trim_id)
        .outerjoin(Location, Location.id == Listing.location_id)
        .where(*_to_be_found(), Listing.number > after, Listing.number < until)
        .order_by(Listing.number)
        .limit(limit)
    )  # fmt: skip
    return [Address(row.number, f"/l/{row.number}-{slug_of(row)}", row.changed_at) for row in found]


class Ended(Struct, frozen=True, kw_only=True):
    """A car that was on the market: what it was, and why and when it left. `shown`: not so long ago."""

    number: int
    title: str
    why: str
    at: datetime
    shown: bool
    known: dict[str, Place]
    body: str | None


async def ended(number: int, now: datetime) -> Ended | None:
    """None of what was never public, or may come back. Read by the system: its row is out of everybody's sight."""
    names = [
        column
        for table in (Make, Model, Location)
        for column in (table.slug, table.name, table.name_ur, table.id)
    ]  # fmt: skip
    async with database.system() as db:
        found = await db.execute(
            select(Listing, *names)
            .outerjoin(Make, Make.id == Listing.make_id)
            .outerjoin(Model, Model.id == Listing.model_id)
            .outerjoin(Location, Location.id == Listing.location_id)
            .where(Listing.number == number)
        )
        row = found.one_or_none()
    if row is None:
        return None
    listing, *rest = row
    ending = rules.ending(listing, now)
    if ending is None:
        return None
    parts = {name: rest[4 * n : 4 * n + 4] for n, name in enumerate(("make", "model", "city"))}
    return Ended(
        number=number,
        title=listing.title,
        why=ending.why,
        at=ending.at,
        shown=ending.shown,
        known={name: Place(*values) for name, values in parts.items() if values[0]},
        body=listing.body,
    )
