"""Search rows written anew from the cars they are of."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, true

from app.core import db as database
from app.core.base import Db, Scope
from app.core.ids import Id
from app.listings.models import Listing, ListingSearch, ListingText
from app.listings.queries import StockBook
from app.listings.service.indexing import numbered, search_row, sells, text_row, write

_CHUNK = 500
_CAR, _SEARCH, _TEXT = (cast(Table, model.__table__) for model in (Listing, ListingSearch, ListingText))


async def reindex_org(org_id: Id, book: StockBook) -> int:
    """Every car of the org, so many a transaction, locked meanwhile; rows of no car go. How many cars there are."""
    done = await _reindex(org_id, book, true())
    async with database.unit(Scope(org_id=org_id)) as db:
        await _sweep(db)
    return done


async def reindex_named(org_id: Id, book: StockBook, name_id: Id) -> int:
    """The org's cars of this make, model or place."""
    return await _reindex(org_id, book, named(name_id))


def named(name_id: Id) -> ColumnElement[bool]:
    """Cars of this make, model or place."""
    return or_(_CAR.c.make_id == name_id, _CAR.c.model_id == name_id, _CAR.c.location_id == name_id)


async def _reindex(org_id: Id, book: StockBook, which: ColumnElement[bool]) -> int:
    done, after = 0, cast(Id | None, None)
    while True:
        async with database.unit(Scope(org_id=org_id)) as db:
            cars = await _cars(db, which, after)
            if not cars:
                return done
            placed = [(car, *book.car(car.make_id, car.model_id, car.trim_id), _place(book, car)) for car in cars]
            rows = await numbered(db, [search_row(*one) for one in placed], is_open=await sells(db))
            await write(db, rows, [text_row(*one) for one in placed])
            done, after = done + len(cars), cars[-1].id


async def _cars(db: Db, which: ColumnElement[bool], after: Id | None) -> list[Any]:
    mine = (_CAR.c.org_id == db.scope.org_id, _CAR.c.deleted_at.is_(None), which)
    some = select(_CAR).where(*mine).order_by(_CAR.c.id).limit(_CHUNK).with_for_update()
    return list(await db.execute(some if after is None else some.where(_CAR.c.id > after)))


def _place(book: StockBook, car: Any) -> Any:
    return book.places_by_id.get(car.location_id)


async def _sweep(db: Db) -> None:
    for table in (_TEXT, _SEARCH):
        there = exists().where(_CAR.c.id == table.c.id, _CAR.c.deleted_at.is_(None))
        await db.execute(delete(table).where(table.c.org_id == db.scope.org_id, ~there))
