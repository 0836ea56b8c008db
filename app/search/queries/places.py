"""Where places are, from memory: distances are between them."""

from weakref import WeakKeyDictionary

from msgspec import Struct
from sqlalchemy import select

from app.core import db as database
from app.core.base import Db
from app.listings.queries import code_book
from app.taxonomy.models import Location


class Spot(Struct, frozen=True):
    slug: str
    lat: float
    lon: float
    code: int


_spots: WeakKeyDictionary[database.Database, dict[str, tuple[float, float]]] = WeakKeyDictionary()


async def spots(db: Db) -> list[Spot]:
    """Every place that a car was ever in."""
    book = await code_book(db)
    where = await _places(db, anew=False)
    coded = {slug: code for (kind, slug), code in book.codes.items() if kind == "city"}
    if coded.keys() - where.keys():
        where = await _places(db, anew=True)
    return [Spot(slug, *where[slug], code) for slug, code in coded.items() if slug in where]


async def spot(db: Db, slug: str) -> tuple[float, float] | None:
    """Latitude and longitude of the place called so."""
    where = await _places(db, anew=False)
    if slug not in where:
        where = await _places(db, anew=True)
    return where.get(slug)


async def _places(db: Db, *, anew: bool) -> dict[str, tuple[float, float]]:
    known = _spots.get(database.installed())
    if known is None or anew:
        rows = await db.execute(select(Location.slug, Location.lat, Location.lon))
        known = _spots[database.installed()] = {row.slug: (row.lat, row.lon) for row in rows}
    return known
