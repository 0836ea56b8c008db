"""The search tables from nothing but the cars, while searches go on."""

import time
from collections.abc import Callable
from typing import cast

from sqlalchemy import Table, delete, func, insert, literal, select, union_all

from app.adapters.search.port import Rebuilt
from app.core import db as database
from app.core.base import Db
from app.listings import queries as listings
from app.listings import service as stock
from app.listings.models import Listing, ListingTally
from app.search.queries.groups import FOUND, NUMBERS
from app.search.service.folding import alone

_TALLY = cast(Table, ListingTally.__table__)


async def rebuild(told: Callable[[int], None] = lambda _done: None) -> Rebuilt:
    """`told` hears how many cars were written."""
    began, written = time.monotonic(), 0
    async with database.system() as db:
        orgs = list(await db.scalars(select(Listing.org_id).distinct()))
        book = await listings.stock_book(db)
    for org_id in orgs:
        cars = await stock.reindex_org(org_id, book)
        written += cars
        told(cars)
    async with database.system() as db:
        await recount(db)
    return Rebuilt(documents=written, seconds=round(time.monotonic() - began, 1))


async def recount(db: Db) -> None:
    """What is kept of counts, counted. One statement, so one look: whoever changes a car meanwhile adds to it."""
    await alone(db)
    columns = ("facet", "code", "amount")
    gone = delete(_TALLY).returning(_TALLY.c.id).cte("gone")
    counted = union_all(
        *(
            select(literal(number), FOUND[number], func.count()).where(FOUND.live).group_by(FOUND[number])
            for number in NUMBERS
        )
    )
    await db.execute(insert(_TALLY).from_select(columns, counted).add_cte(gone))
