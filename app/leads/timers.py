"""What comes by itself: a snooze is over, a deadline is near or past."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.core.base import Db
from app.core.timers import Timer
from app.leads import queries, service
from app.leads.models import Duty, Lead, LeadRound

_LEADS: Any = Lead.__table__
_ROUNDS: Any = LeadRound.__table__
_DUTIES: Any = Duty.__table__


async def wake(db: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
    for lead in await queries.leads_for_change(db, [row.id for row in rows], within=None, merged=True):
        service.wake(db, lead, by_us=False)


async def fall_due(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    leads = await queries.leads_for_change(db, [row.id for row in rows], within=None, merged=True)
    await service.fall_due(db, leads, at)


async def come_up(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    leads = await queries.leads_for_change(db, [row.id for row in rows], within=None, merged=True)
    await service.come_up(db, leads, at)


async def go_round(db: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
    for row in rows:
        await service.go_round(db, row.branch_id, at)


async def lapse(db: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
    for row in rows:
        await service.lapse(db, row.user_id)


TIMERS = (
    Timer(name="lead.round", table=_ROUNDS, due=_ROUNDS.c.due_at, open=_ROUNDS.c.due_at.is_not(None), fire=go_round),
    Timer(
        name="duty.lapsed",
        table=_DUTIES,
        due=_DUTIES.c.online_until,
        open=_DUTIES.c.online_until.is_not(None),
        fire=lapse,
    ),
    Timer(
        name="lead.deadline",
        table=_LEADS,
        due=_LEADS.c.alarm_at,
        open=_LEADS.c.alarm_at.is_not(None),
        fire=fall_due,
    ),
    Timer(name="lead.call", table=_LEADS, due=_LEADS.c.call_at, open=_LEADS.c.call_at.is_not(None), fire=come_up),
    Timer(
        name="lead.snooze",
        table=_LEADS,
        due=_LEADS.c.snoozed_until,
        open=_LEADS.c.snoozed_until.is_not(None),
        fire=wake,
    ),
)
