"""The sweeper: fires timers that are due, a batch of one org at a time, by the database's clock."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, exists, func, select

from app.core import db, pool, timers
from app.core.base import Scope
from app.core.ids import Id
from app.core.supervised import Loop
from app.core.timers import Timer

log = logging.getLogger(__name__)

BATCH = 500
LONGEST_SLEEP_S = 0.25
_ASIDE_S = 60.0
_LONG_S, _SMALL = 1.0, 50
"""A batch that took longer is too big unless it is small: what falls due meanwhile waits for it, and between two faults
it may never end."""
_PAUSE_S = 0.05


class NotMarked(Exception):
    """`fire` left rows as they were: they would fire again and again."""


class Sweeper:
    """One per worker process; SKIP LOCKED keeps several apart."""

    def __init__(self, found: Sequence[Timer] | None = None) -> None:
        self._timers = timers.installed() if found is None else found
        self._limits: dict[tuple[str, Id], int] = {}
        self._aside: dict[tuple[str, Any], float] = {}
        self._loop = Loop("sweeper", self._sweep)

    def start(self) -> None:
        self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()

    async def turn(self, due: Sequence[Timer] | None = None) -> int:
        """Fire one batch of every org that has something due, of these timers or of all; how many rows fired."""
        fired = 0
        for timer in self._timers if due is None else due:
            seen: list[Id] = []
            while (org_id := await self._next_org(timer, seen)) is not None:
                seen.append(org_id)
                fired += await self._fire(timer, org_id)
        return fired

    async def _sweep(self, loop: Loop) -> None:
        while True:
            due, left = await self._next()
            loop.beat()
            if left > 0:
                await asyncio.sleep(left)
            if due and not await self.turn(due):
                await asyncio.sleep(_PAUSE_S)

    async def _next_org(self, timer: Timer, seen: list[Id]) -> Id | None:
        org_id, due = timer.table.c.org_id, timer.due <= func.statement_timestamp()
        wanted = select(org_id).where(timer.open, due, org_id.not_in(seen), self._not_aside(timer))
        async with db.system() as session:
            return (await session.execute(wanted.order_by(timer.due).limit(1))).scalar_one_or_none()

    async def _fire(self, timer: Timer, org_id: Id) -> int:
        """One transaction. A batch that fails is tried by halves, so that one bad row ends up alone and aside."""
        place = (timer.name, org_id)
        limit = self._limits.get(place, BATCH)
        rows: Sequence[Row[Any]] = []
        began = time.monotonic()
        try:
            async with db.unit(Scope(org_id=org_id)) as session:
                at = (await session.execute(select(func.clock_timestamp()))).scalar_one()
                due = and_(timer.open, timer.due <= at)
                wanted = select(timer.table).where(timer.table.c.org_id == org_id, due, self._not_aside(timer))
                locked = wanted.order_by(timer.due).limit(limit).with_for_update(skip_locked=True)
                rows = (await session.execute(locked)).all()
                if rows:
                    await timer.fire(session, rows, at)
                    await session.flush()
                    still = select(exists().where(_key(timer).in_([_key_of(timer, row) for row in rows]), due))
                    if (await session.execute(still)).scalar_one():
                        raise NotMarked(timer.name)
        except Exception as error:
            if pool.is_away(error):
                log.warning("timer %s: the database is away", timer.name)
                return 0  # none of the rows is to blame: all of them are tried again at once
            log.warning(
                "timer %s of org %s failed for %d rows: %s", timer.name, org_id, len(rows), type(error).__name__
            )
            if len(rows) == 1:
                log.exception("timer %s set aside", timer.name)
                self._aside[timer.name, _key_of(timer, rows[0])] = time.monotonic() + _ASIDE_S
            self._limits[place] = max(1, len(rows) // 2)
            return 0
        if time.monotonic() - began > _LONG_S:
            self._limits[place] = min(limit, max(_SMALL, len(rows) // 2))
        elif len(rows) == limit:
            self._limits[place] = min(BATCH, limit * 2)
        else:
            self._limits.pop(place, None)
        return len(rows)

    def _not_aside(self, timer: Timer) -> Any:
        now = time.monotonic()
        self._aside = {key: until for key, until in self._aside.items() if until > now}
        return _key(timer).not_in([key for name, key in self._aside if name == timer.name])

    async def _next(self) -> tuple[list[Timer], float]:
        """The timers that are due first, and in how many seconds: at most LONGEST_SLEEP_S, and then none are."""
        asked = [
            select(func.extract("epoch", func.min(timer.due) - func.clock_timestamp()))
            .where(timer.open, self._not_aside(timer))
            .scalar_subquery()
            for timer in self._timers
        ]
        if not asked:
            return [], LONGEST_SLEEP_S
        async with db.system() as session:
            found = (await session.execute(select(*asked))).one()
        lefts = [LONGEST_SLEEP_S if left is None else max(0.0, float(left)) for left in found]
        soonest = min(lefts)
        if soonest >= LONGEST_SLEEP_S:
            return [], LONGEST_SLEEP_S
        return [timer for timer, left in zip(self._timers, lefts, strict=True) if left <= soonest + _PAUSE_S], soonest


def _key(timer: Timer) -> Any:
    return next(iter(timer.table.primary_key.columns))


def _key_of(timer: Timer, row: Row[Any]) -> Any:
    return getattr(row, _key(timer).name)
