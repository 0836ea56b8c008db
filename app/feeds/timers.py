"""What comes due of feeds: a source whose sheet is to be fetched again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_

from app.core.base import Db
from app.core.timers import Timer
from app.feeds import service
from app.feeds.models import FeedSource

_TABLE = cast(Table, FeedSource.__table__)


async def _fetch(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    await service.come_due(db, [row.id for row in rows], at)


TIMERS = (
    Timer(
        name="feed.source",
        table=_TABLE,
        due=_TABLE.c.next_at,
        open=and_(_TABLE.c.state == "active", _TABLE.c.next_at.is_not(None)),
        fire=_fetch,
    ),
)
