"""How much the search rows hold, and whether it is what they should."""

from typing import Any, cast

from msgspec import Struct
from sqlalchemy import BigInteger, Select, Table, Text, and_, func, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import BIT

from app.adapters.search.port import IndexHealth
from app.core.base import Db
from app.listings.models import Listing
from app.orgs.models import Storefront
from app.search.queries.counting import tallies
from app.search.queries.groups import FOUND, NUMBERS

_CAR = cast(Table, Listing.__table__).c


class Drift(Struct, frozen=True):
    """`missing`: cars on the market that searches do not find; `stale`: rows of an older version; `extra`: found, and
    not on the market; `miscounted`: numbers whose kept counts are not what there is."""

    missing: int
    stale: int
    extra: int
    miscounted: int

    @property
    def any(self) -> bool:
        return bool(self.missing or self.stale or self.extra or self.miscounted)


async def of_rows(db: Db) -> IndexHealth:
    return await _health(db, select(FOUND.id, FOUND.version).where(FOUND.live))


async def of_cars(db: Db) -> IndexHealth:
    """What an index should hold. Needs a system session: it reads every org's cars."""
    return await _health(db, select(_CAR.id, _CAR.version).where(_on_the_market()))


async def drift(db: Db) -> Drift:
    """Needs a system session."""
    both = _CAR.id.table.outerjoin(FOUND.id.table, FOUND.id == _CAR.id)
    missing = func.count().filter(_on_the_market(), or_(FOUND.id.is_(None), FOUND.live.is_(False)))
    stale = func.count().filter(FOUND.version != _CAR.version)
    extra = func.count().filter(FOUND.live, ~_on_the_market())
    found = (await db.execute(select(missing, stale, extra).select_from(both))).one()
    orphans = select(func.count()).where(FOUND.live, ~select(_CAR.id).where(_CAR.id == FOUND.id).exists())
    lost = await db.scalar(orphans) or 0
    kept = await tallies(db, tuple(NUMBERS))
    wrong = 0
    for number in NUMBERS:
        rows = await db.execute(select(FOUND[number], func.count()).where(FOUND.live).group_by(FOUND[number]))
        wrong += {row[0]: row[1] for row in rows} != {code: n for code, n in kept[number].items() if n}
    return Drift(found[0], found[1], found[2] + lost, wrong)


def _on_the_market() -> Any:
    own = and_(
        _CAR.deleted_at.is_(None), _CAR.status == "live", _CAR.visibility == "public", _CAR.channel == "automart"
    )
    return and_(own, select(Storefront.org_id).where(Storefront.org_id == _CAR.org_id).exists())


async def _health(db: Db, which: Select[Any]) -> IndexHealth:
    """The checksum does not mind the order: the first four bytes of md5("id:version"), added up."""
    rows = which.subquery()
    name = as_type(rows.c.id, Text) + ":" + as_type(rows.c.version, Text)
    number = as_type(as_type("x" + func.substr(func.md5(name), 1, 8), BIT(32)), BigInteger)
    count, checksum = (
        await db.execute(select(func.count(), func.coalesce(func.sum(number), 0)).select_from(rows))
    ).one()
    return IndexHealth(documents=count, checksum=f"{int(checksum):x}")
