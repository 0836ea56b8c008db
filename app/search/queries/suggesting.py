"""How many live cars there are of everything that is suggested, counted twice a minute in each process."""

import asyncio
import time
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from app.core import db as database
from app.core.base import Db
from app.listings.models import ListingSearch as Found
from app.orgs.models import Storefront
from app.search.rules import Car, Stock

_GOOD_FOR_S: Final = 30.0


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
    """Of orgs that are open, what anybody may find."""
    named = (Found.make, Found.model, Found.city)
    columns: list[Any] = [func.coalesce(column, "").label(column.key) for column in named]
    found = await db.execute(
        select(*columns, func.count())
        .where(Found.live.is_(True), Found.org_id.in_(select(Storefront.org_id)))
        .group_by(*columns)
    )
    return [Car(row[0], row[1], "", row[2], row[3]) for row in found]
