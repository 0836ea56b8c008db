"""What comes by itself: a branch's day closes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.core.base import Db
from app.core.timers import Timer
from app.sla import service
from app.sla.models import BranchDay

_DAYS: Any = BranchDay.__table__


async def close(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    await service.close_days(db, [row.branch_id for row in rows], at)


TIMERS = (
    Timer(name="day.closing", table=_DAYS, due=_DAYS.c.closes_at, open=_DAYS.c.closes_at.is_not(None), fire=close),
)
