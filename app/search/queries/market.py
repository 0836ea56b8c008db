"""What the market's pages and its API ask: one entry for every question, whichever engine answers."""

import logging

from msgspec import UNSET, structs
from sqlalchemy import func, select

from app.adapters.search.port import SearchDown, SearchIndex, SearchQuery
from app.adapters.search.port import SearchPage as Found
from app.core.base import Db
from app.core.ids import Id
from app.listings import queries as listings
from app.listings.schemas import ListingHit, ListingSearchForm, PublicListing, SearchPage
from app.search.queries.asking import query_of
from app.search.queries.counting import tallies
from app.search.queries.groups import FOUND, NUMBERS, Group, condition, facet
from app.search.queries.postgres import PostgresIndex, rest

log = logging.getLogger(__name__)

_outside: SearchIndex | None = None


def install(index: SearchIndex | None) -> None:
    """Let another engine answer; None: PostgreSQL does."""
    global _outside
    _outside = index


def outside() -> SearchIndex | None:
    """The engine that answers before PostgreSQL, where there is one."""
    return _outside


async def search(db: Db, asked: ListingSearchForm) -> SearchPage:
    """One page of what anybody may find. Ids come from the engine, cars through the reader's own eyes."""
    query = await query_of(db, asked)
    found, fallback = await _found(db, query)
    dropped = not found.total and bool(query.words) and bool(query.filters or query.ranges)
    if dropped:
        found, fallback = await _found(db, structs.replace(query, words=()))
    await rest(db)
    return SearchPage(
        total=found.total,
        page=asked.page,
        pages=found.last_page,
        hits=await listings.hits(db, found.ids),
        facets={name: dict(values) for name, values in found.facets.items()} if asked.facets else UNSET,
        engine=found.engine,
        fallback=fallback,
        dropped=dropped and found.total > 0,
    )


async def _found(db: Db, query: SearchQuery) -> tuple[Found, bool]:
    """And whether the engine that should have answered did not."""
    if _outside is not None:
        try:
            return await _outside.search(query), False
        except SearchDown:
            log.warning("search engine down, PostgreSQL answers", exc_info=True)
    return await PostgresIndex(db).search(query), _outside is not None


async def market_counts(db: Db) -> dict[str, dict[str, int]]:
    """How many cars there are of each make, body and city."""
    counted = await tallies(db, ("model", "kinds", "city"))
    book = await listings.code_book(db)
    if any((number, code) not in book.slugs for number in ("model", "city") for code in counted[number] if code):
        await listings.refreshed(db, book)
    free = {number: Group(number) for number in NUMBERS}
    return {
        "make": facet(free["model"], "make", counted["model"], book),
        "body": facet(free["kinds"], "body", counted["kinds"], book),
        "city": facet(free["city"], "city", counted["city"], book),
    }


async def newest(db: Db, limit: int = 8) -> list[ListingHit]:
    """The latest on the market."""
    found = await db.scalars(
        select(FOUND.id).where(FOUND.live).order_by(FOUND.fresh_at.desc(), FOUND.id.desc()).limit(limit)
    )
    return await listings.hits(db, list(found))


async def similar(db: Db, listing: PublicListing, limit: int = 4) -> list[ListingHit]:
    """Others of the model, the nearest years first, then others of the body."""
    book = await listings.code_book(db)
    ids = await _of_model(db, book, listing, limit)
    if len(ids) < limit and listing.body:
        others = await db.scalars(
            select(FOUND.id)
            .where(FOUND.live, condition("body", (listing.body,), book), FOUND.id.not_in([listing.id, *ids]))
            .order_by(FOUND.rank.desc(), FOUND.id.desc())
            .limit(limit - len(ids))
        )
        ids += others
    return await listings.hits(db, ids)


async def _of_model(db: Db, book: listings.CodeBook, listing: PublicListing, limit: int) -> list[Id]:
    """In two steps: a popular model has tens of thousands, and only the years that are near enough are read."""
    make, model = listing.make or "", f"{listing.make}/{listing.model}"
    if not book.knows("model", model):
        return []
    same = (FOUND.live, condition("make", (make,), book), condition("model", (model,), book))
    years = await db.execute(select(FOUND.year, func.count()).where(*same).group_by(FOUND.year))
    at = listing.year or 2020
    wanted, enough = list[int](), 0
    for year, amount in sorted((tuple(row) for row in years), key=lambda row: (abs(row[0] - at), row[0])):
        if enough > limit and abs(year - at) > abs(wanted[-1] - at):
            break
        wanted.append(year)
        enough += amount
    found = await db.scalars(
        select(FOUND.id)
        .where(*same, FOUND.year.in_(wanted), FOUND.id != listing.id)
        .order_by(func.abs(FOUND.year - at), FOUND.rank.desc(), FOUND.id.desc())
        .limit(limit)
    )
    return list(found)
