"""What comes due of pictures: removed ones, when nobody wanted them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table

from app.core.base import Db
from app.core.timers import Timer
from app.media import service
from app.media.models import Media

_TABLE = cast(Table, Media.__table__)


async def _purge(db: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
    await service.start_purge(db, [row.id for row in rows])


TIMERS = (
    Timer(name="media.purge", table=_TABLE, due=_TABLE.c.purge_at, open=_TABLE.c.purge_at.is_not(None), fire=_purge),
)
