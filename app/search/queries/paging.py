"""The ids of one page, by the plan that the exact total calls for."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import SmallInteger

from app.adapters.search.port import SearchQuery, Sort
from app.core.base import Db
from app.core.ids import Id
from app.search.queries.groups import FOUND, among
from app.search.queries.narrowing import Condition, metres
from app.search.queries.places import Spot

_SORTED_BY = ("id", "fresh_at", "rank", "asking_price", "odometer_km", "year", "city")


def order(sort: Sort, of: Any) -> tuple[ColumnElement[Any], ...]:
    """Over the columns `of`. Each ends with the id: two cars alike must not change places between pages."""
    newest = (of.fresh_at.desc(), of.id.desc())
    match sort:
        case "newest":
            return newest
        case "price_asc":
            return (of.asking_price.asc().nulls_last(), *newest)
        case "price_desc":
            return (of.asking_price.desc().nulls_last(), *newest)
        case "km_asc":
            return (of.odometer_km.asc(), *newest)
        case "year_desc":
            return (of.year.desc(), *newest)
        case _:
            return (of.rank.desc(), of.id.desc())


_FEW = 2_000
_PER_SORTED = 6
"""What reading a row in the order of an index costs, in rows read in any order and sorted: the index jumps about."""


async def page(
    db: Db, query: SearchQuery, conditions: Sequence[Condition], total: int, market: Callable[[], Awaitable[int]]
) -> list[Id]:
    """`market` tells about how many cars there are in all."""
    offset = (query.page - 1) * query.per_page
    if offset >= total:
        return []
    if total > _FEW and not _sorted_is_cheaper(offset + query.per_page, total, await market()):
        found = await _walked(db, query, conditions, offset)
        if len(found) == min(query.per_page, total - offset):
            return found
    return await _sorted(db, conditions, lambda fit: order(query.sort, fit), query.per_page, offset)


async def _walked(db: Db, query: SearchQuery, conditions: Sequence[Condition], offset: int) -> list[Id]:
    """Along the index of the order. Cars without a price come last and are in none: then the page is too short."""
    by = order(query.sort, FOUND)
    if query.sort in ("price_asc", "price_desc"):
        price = FOUND.asking_price
        conditions = [*conditions, price.is_not(None)]
        by = (price.asc() if query.sort == "price_asc" else price.desc(), *by[1:])
    wanted = select(FOUND.id).where(FOUND.live, *conditions).order_by(*by)
    return await _ids(db, wanted.limit(query.per_page).offset(offset))


def _sorted_is_cheaper(upto: int, total: int, market: int) -> bool:
    """To sort all that fit, rather than to walk the whole market in order until enough fit."""
    walked = upto * market / total
    return total < _PER_SORTED * walked


async def nearest(
    db: Db, query: SearchQuery, conditions: Sequence[Condition], spots: Sequence[Spot], total: int
) -> list[Id]:
    """By distance, then the best first: only the places in which this page lies are read."""
    geo = query.geo
    offset = (query.page - 1) * query.per_page
    if geo is None or offset >= total:
        return []
    rows = await db.execute(select(FOUND.city, func.count()).where(FOUND.live, *conditions).group_by(FOUND.city))
    here = dict(tuple(row) for row in rows)
    away = {spot.code: metres(geo, spot) for spot in spots}
    ordered = sorted(here, key=lambda code: (away.get(code, float("inf")), code))
    before, wanted, passed = 0, list[int](), 0
    for code in ordered:
        if not wanted and passed + here[code] <= offset:
            passed += here[code]
            before = passed
            continue
        wanted.append(code)
        passed += here[code]
        if passed >= offset + query.per_page:
            break

    def by(fit: Any) -> tuple[ColumnElement[Any], ...]:
        place = func.array_position(bindparam(None, wanted, type_=ARRAY(SmallInteger())), fit.city)
        return (place, *order("relevance", fit))

    return await _sorted(db, [*conditions, among(FOUND.city, wanted)], by, query.per_page, offset - before)


async def _sorted(
    db: Db,
    conditions: Sequence[Condition],
    by: Callable[[Any], tuple[ColumnElement[Any], ...]],
    limit: int,
    offset: int,
) -> list[Id]:
    """In two steps that the planner may not join: it would walk an index for rows that are rare."""
    columns = [FOUND[name] for name in _SORTED_BY]
    fit = select(*columns).where(FOUND.live, *conditions).cte("fit").prefix_with("materialized")
    return await _ids(db, select(fit.c.id).order_by(*by(fit.c)).limit(limit).offset(offset))


async def _ids(db: Db, statement: Select[Any]) -> list[Id]:
    return list(await (await db.connection()).scalars(statement))
