"""What comes by itself: a snooze is over, a deadline is near or past."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.core.base import Db
from app.core.timers import Timer
from app.leads import queries, service
from app.leads.models import Lead

_LEADS: Any = Lead.__table__


async def wake(db: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
    for lead in await queries.leads_for_change(db, [row.id for row in rows], within=None, merged=True):
        service.wake(db, lead, by_us=False)


async def fall_due(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    leads = await queries.leads_for_change(db, [row.id for row in rows], within=None, merged=True)
    await service.fall_due(db, leads, at)


TIMERS = (
    Timer(
        name="lead.deadline",
        table=_LEADS,
        due=_LEADS.c.alarm_at,
        open=_LEADS.c.alarm_at.is_not(None),
        fire=fall_due,
    ),
    Timer(
        name="lead.snooze",
        table=_LEADS,
        due=_LEADS.c.snoozed_until,
        open=_LEADS.c.snoozed_until.is_not(None),
        fire=wake,
    ),
)
