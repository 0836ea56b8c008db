"""Exact totals and counts in one statement: as few scans of a covering index as the filters allow, and none for what
the whole market has."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec import Struct
from sqlalchemy import Select, Table, func, literal, select, tuple_, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.types import BigInteger, Integer

from app.core.base import Db
from app.listings.models import ListingTally
from app.search.queries.groups import FOUND, Counted, Group, total
from app.search.queries.narrowing import Condition

_TALLY = cast(Table, ListingTally.__table__).c


class Counts(Struct, frozen=True):
    """`by`: of each number asked for, how many rows have each code, that number's own filters aside."""

    total: int
    by: Mapping[str, Counted]


class _Scan(Struct, frozen=True):
    """Numbers that are counted under the same conditions; without any, the whole market's amounts are there already."""

    conditions: Sequence[Condition]
    numbers: Sequence[str]


async def count(db: Db, base: Sequence[Condition], groups: Mapping[str, Group], wanted: Sequence[str]) -> Counts:
    """`wanted` numbers, and the total in any case."""
    active = [group for group in groups.values() if group.conditions]
    scans = [
        _Scan([*base, *_conditions(one for one in active if one.number != group.number)], [group.number])
        for group in active
        if group.number in wanted
    ]
    quiet = [number for number in wanted if not groups[number].conditions]
    if quiet:
        scans.append(_Scan([*base, *_conditions(active)], quiet))
    if not scans:
        return Counts(await how_many(db, [*base, *_conditions(active)]), {})
    by = await _counted(db, scans)
    number = quiet[0] if quiet else next(iter(by))
    return Counts(total(groups[number], by[number]), by)


async def how_many(db: Db, conditions: Sequence[Condition]) -> int:
    if not conditions:
        return sum((await tallies(db, ("city",)))["city"].values())
    return await db.scalar(select(func.count()).select_from(FOUND.id.table).where(FOUND.live, *conditions)) or 0


async def tallies(db: Db, numbers: Sequence[str]) -> Mapping[str, Counted]:
    """Of the whole market, added up already."""
    return await _counted(db, [_Scan((), numbers)])


async def _counted(db: Db, scans: Sequence[_Scan]) -> dict[str, Counted]:
    places: dict[tuple[int, int], str] = {}
    parts = [part for at, scan in enumerate(scans) for part in _parts(at, scan, places)]
    rows = await (await db.connection()).execute(union_all(*parts) if len(parts) > 1 else parts[0])
    found: dict[str, dict[int, int]] = {number: {} for number in places.values()}
    for at, which, code, amount in rows:
        found[places[at, which]][code] = amount
    return dict(found)


def _parts(at: int, scan: _Scan, places: dict[tuple[int, int], str]) -> list[Select[*tuple[Any, ...]]]:
    """Rows of (scan, which of its numbers, code, amount); `places` learns which is which."""
    if not scan.conditions:
        return [_kept(at, which, number, places) for which, number in enumerate(scan.numbers)]
    columns = [FOUND[number] for number in scan.numbers]
    several = len(columns) > 1
    which = func.grouping(*columns) if several else literal(0, Integer())
    by = func.grouping_sets(*(tuple_(column) for column in columns)) if several else columns[0]
    every = (1 << len(columns)) - 1
    for place, number in enumerate(scan.numbers):
        places[at, every & ~(1 << len(columns) - 1 - place) if several else 0] = number
    code = as_type(func.coalesce(*columns) if several else columns[0], Integer)
    return [
        select(literal(at, Integer()), as_type(which, Integer), code, func.count())
        .where(FOUND.live, *scan.conditions)
        .group_by(by)
    ]


def _kept(at: int, which: int, number: str, places: dict[tuple[int, int], str]) -> Select[*tuple[Any, ...]]:
    places[at, which] = number
    amount = as_type(func.sum(_TALLY.amount), BigInteger)
    return (
        select(literal(at, Integer()), literal(which, Integer()), as_type(_TALLY.code, Integer), amount)
        .where(_TALLY.facet == number)
        .group_by(_TALLY.code)
    )


def _conditions(groups: Any) -> list[Condition]:
    return [condition for group in groups for condition in group.conditions]
