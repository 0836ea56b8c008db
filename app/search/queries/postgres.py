"""The engine that is always there: PostgreSQL over the search tables, current because they are written with the car."""

import math
import time
from collections.abc import AsyncIterator, Mapping, Sequence

from sqlalchemy import func, select

from app.adapters.search.port import (
    FACETS,
    FacetName,
    IndexHealth,
    ListingDoc,
    Rebuilt,
    Receipt,
    SearchPage,
    SearchQuery,
)
from app.core.base import Db
from app.core.ids import Id
from app.listings.queries import CodeBook, code_book, refreshed
from app.listings.queries.codes import KINDS
from app.listings.schemas import LAST_PAGE
from app.search.queries import counting, health, paging, wording
from app.search.queries.groups import FOUND, NUMBERS, Counted, Group, facet, groups_of
from app.search.queries.narrowing import metres, narrowed
from app.search.queries.places import spots

_SETTINGS = {
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "64MB",
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_custom_plan",
}
"""Of the transaction: a plan made for the values asked, on the assumption that the indexes are in memory."""
_GOOD_FOR_S = 10.0
_PREPARE = select(*(func.set_config(name, value, True) for name, value in _SETTINGS.items()))
_REST = select(func.set_config("plan_cache_mode", "auto", True))
_OF_SLUGS = ("model", "city", "registered")


class PostgresIndex:
    """Within one session, whose scope does not matter here."""

    name = "postgres"

    def __init__(self, db: Db) -> None:
        self._db = db

    async def search(self, query: SearchQuery) -> SearchPage:
        db = self._db
        await prepare(db)
        book = await code_book(db)
        groups = await self._groups(query, book)
        where = await spots(db) if query.geo else []
        base = narrowed(query, book, where)
        names = [name for name in FACETS if name in query.facets]
        wanted = list(dict.fromkeys(_number_of(name) for name in names))
        if query.words:
            away = {spot.code: metres(query.geo, spot) for spot in where} if query.geo else {}
            counts, ids = await wording.find(db, query, base, groups, wanted, away, book)
        else:
            counts = await counting.count(db, base, groups, wanted, book)
            every = [*base, *(one for group in groups.values() for one in group.on(FOUND, book))]
            if query.sort == "distance":
                ids = await paging.nearest(db, query, every, where, counts.total)
            else:
                ids = await paging.page(db, query, every, counts.total, lambda: self._market(book))
        return SearchPage(
            ids=tuple(ids),
            total=counts.total,
            facets=await self._facets(names, groups, counts.by, book),
            last_page=min(LAST_PAGE, math.ceil(counts.total / query.per_page)),
            engine=self.name,
        )

    async def _market(self, book: CodeBook) -> int:
        """Good enough to choose a plan by."""
        if book.market is None or time.monotonic() - book.market[1] > _GOOD_FOR_S:
            book.market = (await counting.how_many(self._db, ()), time.monotonic())
        return book.market[0]

    async def _groups(self, query: SearchQuery, book: CodeBook) -> Mapping[str, Group]:
        """After a look into the database for slugs that this process has not met."""
        asked = [(name, slug) for name in KINDS for slug in query.filters.get(name, ())]
        if not all(book.knows(kind, slug) for kind, slug in asked):
            await refreshed(self._db, book)
        return groups_of(query, book)

    async def _facets(
        self, names: Sequence[FacetName], groups: Mapping[str, Group], by: Mapping[str, Counted], book: CodeBook
    ) -> dict[FacetName, dict[str, int]]:
        unknown = [
            code for number in _OF_SLUGS for code in by.get(number, ()) if code and (number, code) not in book.slugs
        ]
        if unknown:
            await refreshed(self._db, book)
        return {name: facet(groups[_number_of(name)], name, by[_number_of(name)], book) for name in names}

    async def ensure(self) -> None:
        """Migrations do that."""

    async def upsert(self, docs: Sequence[ListingDoc]) -> Receipt:
        """The row of a car is written with the car: there is nothing to bring."""
        del docs
        return Receipt()

    async def delete(self, ids: Sequence[Id]) -> Receipt:
        del ids
        return Receipt()

    async def wait(self, receipt: Receipt, timeout_s: float = 30) -> None:
        del receipt, timeout_s

    async def rebuild(self, docs: AsyncIterator[Sequence[ListingDoc]]) -> Rebuilt:
        """Counts what is there; `desk reindex` writes the rows anew from the cars."""
        seen = 0
        async for some in docs:
            seen += len(some)
        return Rebuilt(documents=seen, seconds=0.0)

    async def versions(self) -> AsyncIterator[Mapping[Id, int]]:
        rows = await self._db.execute(select(FOUND.id, FOUND.version).where(FOUND.live))
        yield {row[0]: row[1] for row in rows}

    async def health(self) -> IndexHealth:
        return await health.of_rows(self._db)

    async def close(self) -> None:
        """The session is its maker's."""


async def prepare(db: Db) -> None:
    """Settings of searches, for the rest of the transaction or until `rest`."""
    if not db.info.get("searching"):
        await (await db.connection()).execute(_PREPARE)
        db.info["searching"] = True


async def rest(db: Db) -> None:
    """What is looked up by id needs no plan of its own: for the cars of a page planning costs more than reading."""
    if db.info.get("searching"):
        await (await db.connection()).execute(_REST)
        db.info["searching"] = False


def _number_of(name: FacetName) -> str:
    return next(number for number, names in NUMBERS.items() if name in names)
