"""When a snooze is over, the lead comes back by itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.core.base import Db
from app.core.timers import Timer
from app.leads import queries, service
from app.leads.models import Lead

_LEADS: Any = Lead.__table__


async def wake(db: Db, rows: Sequence[Row[Any]]) -> None:
    for lead in await queries.leads_for_change(db, [row.id for row in rows], within=None, merged=True):
        service.wake(db, lead, by_us=False)


TIMERS = (
    Timer(
        name="lead.snooze",
        table=_LEADS,
        due=_LEADS.c.snoozed_until,
        open=_LEADS.c.snoozed_until.is_not(None),
        fire=wake,
    ),
)
