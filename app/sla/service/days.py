"""The days of branches as they close: each once, by the hours there are at its closing."""

from collections.abc import Iterable
from datetime import datetime

from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.sla import queries, rules
from app.sla.facts import DayClosed
from app.sla.models import BranchDay


async def expect_closing(db: Db, org_id: Id, branch_id: Id | None, now: datetime) -> None:
    """Reckon when this branch's day closes, or that of all: they are new, or their hours have changed."""
    there = {row.branch_id: row for row in await queries.days_for_change(db, branch_id)}
    for open_id in await queries.open_branches(db, branch_id):
        row = there.get(open_id)
        if row is None:
            row = BranchDay(branch_id=open_id, org_id=org_id)
            db.add(row)
        await _expect(db, row, now)


async def close_days(db: Db, branch_ids: Iterable[Id], at: datetime) -> None:
    """Of these branches, whose closing has come by `at`, the database's time. Hours that have changed meanwhile count;
    a branch that is gone closes no more."""
    open_ids = set(await queries.open_branches(db, None))
    for row in await queries.days_of(db, list(branch_ids)):
        if row.branch_id not in open_ids:
            row.day = row.closes_at = None
            continue
        closing = rules.closing_of(await queries.calendar_for(db, row.branch_id), row.day) if row.day else None
        if row.day is not None and closing is not None and closing <= at:
            row.closed = row.day
            fact = DayClosed(
                org_id=row.org_id, id=row.branch_id, branch_id=row.branch_id, day=row.day, closed_at=closing
            )
            record(db, fact)
        await _expect(db, row, at)


async def _expect(db: Db, row: BranchDay, now: datetime) -> None:
    calendar = await queries.calendar_for(db, row.branch_id)
    found = rules.closing_day(calendar, now, closed=row.closed, expected=row.day)
    row.day, row.closes_at = found or (None, None)
