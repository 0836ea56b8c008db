"""What the market has of one make, model, city or body: how many, what they ask, and the newest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select, tuple_

from app.core.base import Db
from app.listings import queries as listings
from app.listings.queries import CodeBook
from app.listings.schemas import ListingHit
from app.search.queries.groups import FOUND, Group, condition, facet, values_of

_COUNTED = {"model": ("make", "model"), "city": ("city",), "kinds": ("body",)}
_PRICE = FOUND.asking_price
_MIDDLE = func.percentile_disc(0.5).within_group(_PRICE)


class Share(Struct, frozen=True):
    """How many cars of one value; of a year also the least and the middle price, where any of them has one."""

    value: str
    count: int
    least: int | None = None
    middle: int | None = None


class Figures(Struct, frozen=True, kw_only=True):
    """`by` holds shares of what the page does not fix itself, the most first; years the newest first."""

    total: int
    priced: int
    least: int | None
    middle: int | None
    most: int | None
    by: dict[str, list[Share]]
    newest: list[ListingHit]


class Landing(Struct, frozen=True):
    """A page of the market with cars on it, by the slugs in its address; `changed_at`: the newest of them."""

    asked: dict[str, str]
    count: int
    changed_at: datetime | None


async def figures(db: Db, asked: Mapping[str, str], newest: int = 12) -> Figures:
    """`asked` holds slugs of make, model, city, body."""
    here = _here(asked, await listings.code_book(db))
    columns = (func.count(), func.count(_PRICE), func.min(_PRICE), _MIDDLE, func.max(_PRICE))
    total, priced, least, middle, most = (await db.execute(select(*columns).where(*here))).one()
    by = {**await _counts(db, here, asked), "year": await _years(db, here)} if total else {}
    return Figures(
        total=total,
        priced=priced,
        least=least,
        middle=middle,
        most=most,
        by=by,
        newest=await newest_of(db, asked, newest) if total else [],
    )


async def newest_of(db: Db, asked: Mapping[str, str], limit: int) -> list[ListingHit]:
    """The latest on the market with these slugs."""
    here = _here(asked, await listings.code_book(db))
    found = await db.scalars(
        select(FOUND.id).where(*here).order_by(FOUND.fresh_at.desc(), FOUND.id.desc()).limit(limit)
    )
    return await listings.hits(db, list(found))


def _here(asked: Mapping[str, str], book: CodeBook) -> list[ColumnElement[bool]]:
    """A model is one of its make: other makes may call theirs so too."""
    values = {**asked, "model": f"{asked['make']}/{asked['model']}"} if "model" in asked else asked
    return [FOUND.live, *(condition(name, (value,), book) for name, value in values.items())]


async def _counts(db: Db, here: Iterable[ColumnElement[bool]], asked: Mapping[str, str]) -> dict[str, list[Share]]:
    counted: dict[str, dict[int, int]] = {number: {} for number in _COUNTED}
    for row in await _grouped(db, here, [(number,) for number in _COUNTED]):
        (number, code), amount = next(one for one in zip(_COUNTED, row, strict=False) if one[1] is not None), row[-2]
        counted[number][code] = amount
    book = await _book(db, counted)
    return {
        name: [Share(value, n) for value, n in facet(Group(number, (), {}), name, counted[number], book).items()]  # type: ignore[arg-type]
        for number, names in _COUNTED.items()
        for name in names
        if name not in asked
    }


async def _grouped(db: Db, here: Iterable[ColumnElement[bool]], sets: Iterable[tuple[str, ...]]) -> list[Any]:
    """The codes of `_COUNTED`, how many, and when the newest came."""
    grouping = func.grouping_sets(*(tuple_(*(FOUND[number] for number in one)) for one in sets))
    columns = [FOUND[number] for number in _COUNTED]
    found = await db.execute(select(*columns, func.count(), func.max(FOUND.fresh_at)).where(*here).group_by(grouping))
    return list(found)


async def _book(db: Db, counted: Mapping[str, Iterable[int]]) -> CodeBook:
    """That knows every code there is."""
    book = await listings.code_book(db)
    if any((number, code) not in book.slugs for number in ("model", "city") for code in counted[number] if code):
        await listings.refreshed(db, book)
    return book


async def _years(db: Db, here: Iterable[ColumnElement[bool]]) -> list[Share]:
    columns = (FOUND.year, func.count(), func.min(_PRICE), _MIDDLE)
    found = await db.execute(
        select(*columns).where(*here, FOUND.year.is_not(None)).group_by(FOUND.year).order_by(FOUND.year.desc())
    )
    return [Share(str(year), count, least, middle) for year, count, least, middle in found]


async def landings(db: Db, least: int) -> list[Landing]:
    """Every one with at least `least` cars, in a steady order."""
    rows = await _grouped(db, [FOUND.live], [("model",), ("city",), ("model", "city"), ("kinds",)])
    book = await _book(db, {"model": {row[0] for row in rows}, "city": {row[1] for row in rows}})
    body = values_of("kinds", "body", book)
    pages: dict[tuple[tuple[str, str], ...], tuple[int, datetime | None]] = defaultdict(lambda: (0, None))
    for model, city, kinds, count, fresh_at in rows:
        where = {"city": place} if city and (place := book.slugs.get(("city", city))) else {}
        make, _, name = book.slugs.get(("model", model or 0), "").partition("/")
        for asked in _about(make, name, where, body(kinds) if kinds is not None else None, whole=city is None):
            before, latest = pages[tuple(asked.items())]
            pages[tuple(asked.items())] = (before + count, max(filter(None, (latest, fresh_at)), default=None))
    found = [Landing(dict(key), count, at) for key, (count, at) in pages.items() if count >= least]
    return sorted(found, key=lambda page: (len(page.asked), sorted(page.asked.items())))


def _about(make: str, model: str, where: dict[str, str], body: str | None, *, whole: bool) -> list[dict[str, str]]:
    """The pages that one group of cars is on; `whole`: it is not of one city."""
    if body:
        return [{"body": body}]
    if not whole and not where:
        return []
    if make:
        return [{"make": make, **where}, {"make": make, "model": model, **where}]
    return [where] if where else []
