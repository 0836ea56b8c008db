"""Schedules as data, and the clerk that keeps them: every due moment is a row `tick(name, at)` that exists once.

The row and what the schedule does are one transaction, and moments come from the database's clock: no number of
workers and no wrong clock runs a moment twice, and what was missed while every worker was down is made up for.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import text

from app.core import db, pool
from app.core.base import Db
from app.core.supervised import Loop, pause_s
from jobs import housekeeping

log = logging.getLogger(__name__)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_AT_ONCE = 1000
_ON_TIME = timedelta(seconds=30)


class Every(Struct, frozen=True):
    """Each multiple of `seconds` since 2000."""

    seconds: int

    def upto(self, moment: datetime) -> datetime:
        """The last due moment not after `moment`."""
        step = timedelta(seconds=self.seconds)
        return _EPOCH + (moment - _EPOCH) // step * step

    def before(self, due: datetime) -> datetime:
        return due - timedelta(seconds=self.seconds)


class Daily(Struct, frozen=True):
    """Each day at `hour`:`minute` of a place's clock; a time that the clocks skip or repeat happens once."""

    hour: int
    minute: int = 0
    zone: str = "Asia/Karachi"

    def upto(self, moment: datetime) -> datetime:
        """The last due moment not after `moment`."""
        local = moment.astimezone(ZoneInfo(self.zone))
        due = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0, fold=0)
        return (due if due <= local else due - timedelta(days=1)).astimezone(UTC)

    def before(self, due: datetime) -> datetime:
        return self.upto(due - timedelta(seconds=1))


class Schedule(Struct, frozen=True, kw_only=True):
    """`run(db, at)` at each moment of `when`. `missed` moments are all run, only the last of them, or none."""

    name: str
    when: Every | Daily
    run: Callable[[Db, datetime], Awaitable[None]]
    missed: Literal["all", "last", "none"] = "last"

    def due(self, last: datetime, now: datetime) -> list[datetime]:
        """Moments to run now, oldest first, when `last` was the newest one taken."""
        moments: list[datetime] = []
        at = self.when.upto(now)
        while at > last and len(moments) < (_MOST_AT_ONCE if self.missed == "all" else 1):
            moments.append(at)
            at = self.when.before(at)
        if self.missed == "none":
            moments = [at for at in moments if now - at <= _ON_TIME]
        return moments[::-1]


SCHEDULES: tuple[Schedule, ...] = (
    Schedule(name="idempotency_keys.prune", when=Every(3600), run=housekeeping.prune_idempotency_keys),
    Schedule(name="events.prune", when=Daily(3, 10), run=housekeeping.prune_events),
    Schedule(name="jobs.prune", when=Daily(3, 30), run=housekeeping.prune_jobs),
    Schedule(name="ticks.prune", when=Daily(3, 50), run=housekeeping.prune_ticks),
    Schedule(name="sessions.prune", when=Daily(4, 10), run=housekeeping.prune_sessions),
    Schedule(name="notices.prune", when=Daily(4, 30), run=housekeeping.prune_notices),
    Schedule(name="lead_documents.prune", when=Daily(4, 35), run=housekeeping.prune_lead_documents),
    Schedule(name="sheets.prune", when=Daily(4, 40), run=housekeeping.prune_sheets),
    Schedule(name="uploads.prune", when=Every(3600), run=housekeeping.prune_uploads),
    Schedule(name="names.told", when=Every(30), run=housekeeping.tell_renamed),
    Schedule(name="search.fold", when=Every(30), run=housekeeping.fold_search_tally),
    Schedule(name="search.check", when=Daily(4, 50), run=housekeeping.check_search),
    Schedule(name="search.check_outside", when=Daily(5, 5), run=housekeeping.check_outside),
    Schedule(name="audit.verify", when=Every(3600), run=housekeeping.verify_audit),
)


class Clerk:
    """One per worker process; the tick rows keep several apart."""

    def __init__(self, schedules: Sequence[Schedule] = SCHEDULES) -> None:
        self._schedules = schedules
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._loop = Loop("schedule", self._keep, silent_s=120)

    def start(self) -> None:
        self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()

    async def turn(self) -> int:
        """Run every moment that is due; how many ran here."""
        ran = 0
        waiting = [one for one in self._schedules if time.monotonic() >= self._not_before.get(one.name, 0)]
        if not waiting:
            return 0
        lasts, now = await self._lasts(waiting)
        for schedule in waiting:
            last = lasts.get(schedule.name)
            if last is not None and not schedule.due(last, now):
                continue
            try:
                ran += await self._catch_up(schedule, last, now)
            except Exception as error:
                failures = self._failures[schedule.name] = self._failures.get(schedule.name, 0) + 1
                self._not_before[schedule.name] = time.monotonic() + 10 * pause_s(failures)
                if pool.is_away(error):
                    log.warning("schedule %s waits for the database: %s", schedule.name, type(error).__name__)
                else:
                    log.exception("schedule %s failed", schedule.name)
            else:
                self._failures.pop(schedule.name, None)
        return ran

    async def _keep(self, loop: Loop) -> None:
        while True:
            await self.turn()
            loop.beat()
            await asyncio.sleep(0.5)

    async def _lasts(self, schedules: Sequence[Schedule]) -> tuple[dict[str, datetime], datetime]:
        """The newest moment taken of each, and the time."""
        async with db.system() as session:
            rows = (await session.execute(_LASTS, {"names": [schedule.name for schedule in schedules]})).all()
        return {name: at for name, at, _ in rows if at is not None}, rows[0].now

    async def _catch_up(self, schedule: Schedule, last: datetime | None, now: datetime) -> int:
        if last is None:
            # A new schedule starts from here: nothing was missed before it existed.
            async with db.system() as session:
                await session.execute(_TAKE, {"name": schedule.name, "at": schedule.when.upto(now)})
            return 0
        ran = 0
        for at in schedule.due(last, now):
            outcome = await self._run(schedule, at)
            if outcome == "busy":
                # Somebody else is at it. Going on to the next moment would leave this one behind for ever.
                return ran
            ran += outcome == "ran"
        return ran

    async def _run(self, schedule: Schedule, at: datetime) -> Literal["ran", "taken", "busy"]:
        async with db.system() as session:
            if not (await session.execute(_ALONE, {"name": f"tick {schedule.name}"})).scalar_one():
                return "busy"
            taken = await session.execute(_TAKE, {"name": schedule.name, "at": at})
            if taken.one_or_none() is None:
                return "taken"
            await schedule.run(session, at)
        return "ran"


_LASTS = text(
    "select name, (select max(at) from tick where tick.name = wanted.name) as at, clock_timestamp() as now "
    "from unnest(cast(:names as text[])) as wanted(name)"
)
_ALONE = text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
_TAKE = text(
    "insert into tick (name, at, taken_at) values (:name, :at, clock_timestamp()) on conflict do nothing returning at"
)
