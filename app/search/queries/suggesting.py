"""How many live cars there are of everything that is suggested, counted twice a minute in each process."""

import asyncio
import time
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from app.core import db as database
from app.core.base import Db
from app.listings.queries import CodeBook, code_book, refreshed
from app.search.queries.groups import FOUND
from app.search.rules import Car, Stock

_GOOD_FOR_S: Final = 30.0
_KINDS: Final = ("make", "model", "trim", "city")


class _Kept:
    def __init__(self) -> None:
        self.stock: Stock | None = None
        self.until = 0.0
        self.lock = asyncio.Lock()


_kept: "WeakKeyDictionary[database.Database, _Kept]" = WeakKeyDictionary()


async def stock(db: Db) -> Stock:
    kept = _kept.setdefault(database.installed(), _Kept())
    if kept.stock is not None and (time.monotonic() < kept.until or kept.lock.locked()):
        return kept.stock
    async with kept.lock:
        if kept.stock is None or time.monotonic() >= kept.until:
            kept.stock = Stock(await _cars(db))
            kept.until = time.monotonic() + _GOOD_FOR_S
        return kept.stock


async def _cars(db: Db) -> list[Car]:
    """What anybody may find, of orgs that are open."""
    columns = (FOUND.make, FOUND.model, FOUND.trim, FOUND.city)
    rows = (await db.execute(select(*columns, func.count()).where(FOUND.live).group_by(*columns))).all()
    book = await code_book(db)
    if any(code and (kind, code) not in book.slugs for row in rows for kind, code in zip(_KINDS, row[:4], strict=True)):
        await refreshed(db, book)
    return [
        Car(
            make=_slug(book, "make", row.make),
            model=_slug(book, "model", row.model),
            trim=_slug(book, "trim", row.trim),
            city=_slug(book, "city", row.city),
            count=row[4],
        )
        for row in rows
    ]


def _slug(book: CodeBook, kind: str, code: int) -> str:
    return book.slugs.get((kind, code), "").rpartition("/")[2]
