"""Exact totals and counts: as few scans of a covering index as the filters allow, none for the market as a whole."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import cast, func, select, tuple_
from sqlalchemy.types import BigInteger

from app.core.base import Db
from app.listings.models import ListingTally
from app.search.queries.groups import FOUND, Counted, Group, total
from app.search.queries.narrowing import Condition


class Counts(Struct, frozen=True):
    """`by`: of each number asked for, how many rows have each code, that number's own filters aside."""

    total: int
    by: Mapping[str, Counted]


async def count(db: Db, base: Sequence[Condition], groups: Mapping[str, Group], wanted: Sequence[str]) -> Counts:
    """`wanted` numbers, and the total in any case."""
    active = [group for group in groups.values() if group.conditions]
    quiet = [number for number in wanted if not groups[number].conditions]
    by: dict[str, Counted] = {}
    for group in active:
        if group.number in wanted:
            others = [one for one in active if one.number != group.number]
            by |= await _by(db, [*base, *_conditions(others)], [group.number])
    if quiet:
        by |= await _by(db, [*base, *_conditions(active)], quiet)
    if by:
        number = quiet[0] if quiet else next(iter(by))
        return Counts(total(groups[number], by[number]), by)
    return Counts(await how_many(db, [*base, *_conditions(active)]), by)


async def how_many(db: Db, conditions: Sequence[Condition]) -> int:
    if not conditions:
        return sum((await tallies(db, ("city",)))["city"].values())
    return await db.scalar(select(func.count()).select_from(FOUND.id.table).where(FOUND.live, *conditions)) or 0


async def tallies(db: Db, numbers: Sequence[str]) -> dict[str, Counted]:
    """Of the whole market, added up already."""
    tally = ListingTally.__table__.c
    rows = await db.execute(
        select(tally.facet, tally.code, cast(func.sum(tally.amount), BigInteger))
        .where(tally.facet.in_(numbers))
        .group_by(tally.facet, tally.code)
    )
    found: dict[str, dict[int, int]] = {number: {} for number in numbers}
    for number, code, amount in rows:
        found[number][code] = amount
    return dict(found)


async def _by(db: Db, conditions: Sequence[Condition], numbers: Sequence[str]) -> dict[str, Counted]:
    if not conditions:
        return await tallies(db, numbers)
    columns = [FOUND[number] for number in numbers]
    sets = func.grouping_sets(*(tuple_(column) for column in columns)) if len(columns) > 1 else columns[0]
    rows = await db.execute(select(*columns, func.count()).where(FOUND.live, *conditions).group_by(sets))
    found: dict[str, dict[int, int]] = defaultdict(dict, {number: {} for number in numbers})
    for *codes, amount in rows:
        number, code = next((name, code) for name, code in zip(numbers, codes, strict=True) if code is not None)
        found[number][code] = amount
    return dict(found)


def _conditions(groups: Sequence[Group]) -> list[Condition]:
    return [condition for group in groups for condition in group.conditions]
