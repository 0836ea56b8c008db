"""Exact totals and counts in one statement: as few scans of a covering index as the filters allow, and none for what
the whole market has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from msgspec import Struct
from sqlalchemy import Select, Table, func, literal, select, tuple_, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.types import BigInteger, Integer

from app.core.base import Db
from app.listings.models import ListingTally
from app.listings.queries import CodeBook
from app.search.queries.groups import FOUND, Counted, Group, total
from app.search.queries.narrowing import Condition

_TALLY = cast(Table, ListingTally.__table__).c
_CAR = ("model", "kinds", "city")


class Counts(Struct, frozen=True):
    """`by`: of each number asked for, how many rows have each code, that number's own filters aside."""

    total: int
    by: Mapping[str, Counted]


class _Part(NamedTuple):
    """A select of (part, which of its numbers, code, amount); `numbers` by which."""

    rows: Select[*tuple[Any, ...]]
    numbers: Mapping[int, str]


async def count(
    db: Db, base: Sequence[Condition], groups: Mapping[str, Group], wanted: Sequence[str], book: CodeBook
) -> Counts:
    """`wanted` numbers, and the total in any case."""
    active = {number: group for number, group in groups.items() if group.filters}
    if not wanted:
        return Counts(await how_many(db, [*base, *_conditions(active.values(), book)]), {})
    parts = list[_Part]()

    def under(number: str, *left: str) -> list[Condition]:
        """What holds for counts by `number`, but for the groups that are `left` to be looked at later."""
        others = (group for of, group in active.items() if of != number and of not in left)
        return [*base, *_conditions(others, book)]

    alone = [number for number in wanted if number in active and number != "kinds"]
    for number in alone:
        parts.append(_scanned(len(parts), [number], under(number)))
    together = [number for number in _CAR if number in wanted and number not in alone]
    for number in [number for number in together if not under(number)]:
        parts.append(_kept(len(parts), number))
        together.remove(number)
    if together:
        left = ("kinds",) if "kinds" in together else ()
        parts += _together(len(parts), together, groups["kinds"], under("", *left), book)
    looks = [number for number in wanted if number not in alone and number not in _CAR]
    if looks and under(looks[0]):
        parts.append(_scanned(len(parts), looks, under(looks[0])))
    elif looks:
        parts += [_kept(len(parts) + place, number) for place, number in enumerate(looks)]
    by = await _counted(db, parts)
    number = next((number for number in wanted if number not in active), wanted[0])
    return Counts(total(groups[number], by[number]), by)


async def how_many(db: Db, conditions: Sequence[Condition]) -> int:
    if not conditions:
        return sum((await tallies(db, ("city",)))["city"].values())
    return await db.scalar(select(func.count()).select_from(FOUND.id.table).where(FOUND.live, *conditions)) or 0


async def tallies(db: Db, numbers: Sequence[str]) -> Mapping[str, Counted]:
    """Of the whole market, added up already."""
    return await _counted(db, [_kept(at, number) for at, number in enumerate(numbers)])


async def _counted(db: Db, parts: Sequence[_Part]) -> dict[str, Counted]:
    rows = await (await db.connection()).execute(union_all(*(part.rows for part in parts)))
    found: dict[str, dict[int, int]] = {number: {} for part in parts for number in part.numbers.values()}
    for at, which, code, amount in rows:
        found[parts[at].numbers[which]][code] = amount
    return dict(found)


def _together(
    at: int, numbers: Sequence[str], kinds: Group, conditions: Sequence[Condition], book: CodeBook
) -> list[_Part]:
    """In one scan along its index, whose runs of equal cars are added up: nothing is hashed but those runs."""
    if len(numbers) == 1:
        return [_scanned(at, numbers, conditions)]
    columns = [FOUND[name] for name in ("city", "make", "model", "kinds") if name in numbers or name == "make"]
    runs = (
        select(*columns, func.count().label("amount"))
        .where(FOUND.live, *conditions)
        .group_by(*columns)
        .cte("runs")
        .prefix_with("materialized")
    )
    fit = {number: kinds.on(runs.c, book) if number != "kinds" and "kinds" in numbers else [] for number in numbers}
    return [
        _Part(_rows(place, runs.c[number], _sum(runs.c.amount)).where(*fit[number]), {0: number})
        for place, number in enumerate(numbers, at)
    ]


def _scanned(at: int, numbers: Sequence[str], conditions: Sequence[Condition]) -> _Part:
    """One scan for all of them."""
    if len(numbers) == 1:
        if not conditions:
            return _kept(at, numbers[0])
        rows = _rows(at, FOUND[numbers[0]], func.count()).where(FOUND.live, *conditions)
        return _Part(rows.group_by(FOUND.make) if numbers[0] == "model" else rows, {0: numbers[0]})
    columns = [FOUND[number] for number in numbers]
    rows = select(
        literal(at, Integer()),
        as_type(func.grouping(*columns), Integer),
        as_type(func.coalesce(*columns), Integer),
        func.count(),
    )
    sets = func.grouping_sets(*(tuple_(column) for column in columns))
    every = (1 << len(columns)) - 1
    which = {every & ~(1 << len(columns) - 1 - place): number for place, number in enumerate(numbers)}
    return _Part(rows.where(FOUND.live, *conditions).group_by(sets), which)


def _kept(at: int, number: str) -> _Part:
    return _Part(_rows(at, _TALLY.code, _sum(_TALLY.amount)).where(_TALLY.facet == number), {0: number})


def _rows(at: int, code: Any, amount: Any) -> Select[*tuple[Any, ...]]:
    return select(literal(at, Integer()), literal(0, Integer()), as_type(code, Integer), amount).group_by(code)


def _sum(amount: Any) -> Any:
    return as_type(func.sum(amount), BigInteger)


def _conditions(groups: Iterable[Group], book: CodeBook) -> list[Condition]:
    return [condition for group in groups for condition in group.on(FOUND, book)]
