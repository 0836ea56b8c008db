"""What waits for the morning: notices that are shown when their branch opens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_

from app.core.base import Db
from app.core.timers import Timer
from app.notices import service
from app.notices.models import Notice

_NOTICES: Any = Notice.__table__


async def come_due(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    await service.come_due(db, [row.id for row in rows], at)


TIMERS = (
    Timer(
        name="notice.opening",
        table=_NOTICES,
        due=_NOTICES.c.show_at,
        open=and_(_NOTICES.c.shown_at.is_(None), _NOTICES.c.dropped_as.is_(None)),
        fire=come_due,
    ),
)
