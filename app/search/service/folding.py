"""Amounts of the tally added up again."""

from typing import cast

from sqlalchemy import BigInteger, Table, delete, func, insert, select
from sqlalchemy import cast as as_type

from app.core.base import Db
from app.listings.models import ListingTally

_TALLY = cast(Table, ListingTally.__table__)
_LOCK = 7_319_449
_ENOUGH = 3_000
"""About what there is when every value of every number has one row."""


async def fold(db: Db, *, least: int = _ENOUGH) -> int:
    """One row a value in place of many, once there are more than `least`; how many went. Needs a system session.

    One statement, so whoever adds up sees all of the old ones or the new ones.
    """
    await alone(db)
    there = await db.scalar(select(func.count()).select_from(_TALLY)) or 0
    if there <= least:
        return 0
    gone = delete(_TALLY).returning(_TALLY.c.facet, _TALLY.c.code, _TALLY.c.amount).cte("gone")
    amount = as_type(func.sum(gone.c.amount), BigInteger)
    summed = select(gone.c.facet, gone.c.code, amount).group_by(gone.c.facet, gone.c.code).having(amount != 0)
    written = await db.execute(insert(_TALLY).from_select(["facet", "code", "amount"], summed).returning(_TALLY.c.id))
    return there - len(written.all())


async def alone(db: Db) -> None:
    """Of those who rewrite the tally, one at a time; who only adds to it need not wait."""
    await db.execute(select(func.pg_advisory_xact_lock(_LOCK)))
