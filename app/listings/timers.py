"""What comes due of stock: a private seller's car whose time is up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_

from app.core.base import Db
from app.core.timers import Timer
from app.listings import service
from app.listings.models import Listing

_TABLE = cast(Table, Listing.__table__)


async def _expire(db: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
    for row in rows:
        await service.expire_listing(db, row.id)


TIMERS = (
    Timer(
        name="listing.expired",
        table=_TABLE,
        due=_TABLE.c.expires_at,
        open=and_(_TABLE.c.status == "live", _TABLE.c.deleted_at.is_(None)),
        fire=_expire,
    ),
)
