"""Counting what the public looks at: added up in memory, summed into the database every few seconds, never in between.

A process that is killed loses what it counted since; one that stops sums it up first. Nothing counts twice: a batch
whose answer was lost is sent again under the same id, and the database knows it.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Date, Uuid, Values, column, delete, func, select, values
from sqlalchemy.dialects.postgresql import insert

from app.analytics import rules
from app.analytics.models import CountBatch, ListingDay, MarketDay
from app.core import clock, db
from app.core.base import Db
from app.core.ids import Id, new_id
from app.core.supervised import Loop
from app.listings.models import Listing

log = logging.getLogger(__name__)

EVERY_S = 5.0
_MOST_KEYS = 50_000
"""While the database is away memory stays bounded: what is new then is not counted."""
_KEPT_FOR = timedelta(days=1)
_FORGET_EVERY = 500
_AT_ONCE = 1000
_NOBODY = Id(int=0)


class Car(Struct, frozen=True):
    """Of one car by its number, and whose eyes saw it: an org does not count its own."""

    day: date
    number: int
    what: str
    reader: Id | None


class Other(Struct, frozen=True):
    day: date
    kind: str
    name: str


class Batch(Struct, frozen=True):
    id: Id
    counts: dict[Car | Other, int]


class Tally:
    """What one process has counted."""

    def __init__(self) -> None:
        self._now: Counter[Car | Other] = Counter()
        self._sent: Batch | None = None
        self._lock = asyncio.Lock()
        self._rounds = 0
        self._loop = Loop("analytics.tally", self._run, silent_s=60)

    def car(self, what: str, number: int, reader: Id | None = None) -> None:
        if what in rules.COUNTED:
            self._add(Car(rules.today(clock.now()), number, what, reader))

    def other(self, kind: str, name: str) -> None:
        self._add(Other(rules.today(clock.now()), kind, name))

    def _add(self, key: Car | Other) -> None:
        if key in self._now or len(self._now) < _MOST_KEYS:
            self._now[key] += 1

    async def flush(self) -> None:
        """Sum up what there is. Raises what the database raises: it is kept for the next time."""
        async with self._lock:
            while self._sent or self._now:
                if self._sent is None:
                    self._sent, self._now = Batch(new_id(), dict(self._now)), Counter()
                async with db.system() as session:
                    await sum_up(session, self._sent)
                self._sent = None

    def start(self) -> None:
        self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()
        with contextlib.suppress(Exception):  # what cannot be written while stopping is lost, and nothing else
            async with asyncio.timeout(EVERY_S):
                await self.flush()

    async def _run(self, loop: Loop) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.flush()
            self._rounds += 1
            if self._rounds % _FORGET_EVERY == 0:
                async with db.system() as session:
                    await session.execute(delete(CountBatch).where(CountBatch.at < clock.now() - _KEPT_FOR))
            loop.beat()


async def sum_up(session: Db, batch: Batch) -> None:
    """Once, however often it is asked. Cars that are gone and orgs that looked at their own are left out."""
    first = await session.execute(
        insert(CountBatch)
        .values(id=batch.id, at=clock.now())
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(CountBatch.id)
    )
    if first.one_or_none() is None:
        return
    cars = [(key.day, key.number, key.reader, key.what, n) for key, n in batch.counts.items() if isinstance(key, Car)]
    others = [(key, n) for key, n in batch.counts.items() if isinstance(key, Other)]
    await _cars(session, cars)
    if others:
        rows = [{"day": key.day, "kind": key.kind, "name": key.name, "n": n} for key, n in sorted(others, key=str)]
        statement = insert(MarketDay).values(rows)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["day", "kind", "name"], set_={"n": MarketDay.n + statement.excluded.n}
            )
        )


async def _cars(session: Db, cars: list[tuple[date, int, Id | None, str, int]]) -> None:
    told: dict[tuple[date, int, Id | None], dict[str, int]] = {}
    for day, number, reader, what, n in cars:
        told.setdefault((day, number, reader), dict.fromkeys(rules.COUNTED, 0))[what] = n
    given = values(
        column("day", Date()), column("number", BigInteger()), column("reader", Uuid(as_uuid=True)),
        *(column(name, BigInteger()) for name in rules.COUNTED), name="told",
    )  # fmt: skip
    rows = [(day, number, reader or _NOBODY, *counts.values()) for (day, number, reader), counts in told.items()]
    for first in range(0, len(rows), _AT_ONCE):
        await _add(session, given.data(rows[first : first + _AT_ONCE]))


async def _add(session: Db, given: Values) -> None:
    sums = [func.sum(given.c[name]).label(name) for name in rules.COUNTED]
    found = (
        select(Listing.org_id, Listing.id, given.c.day, *sums)
        .join(given, given.c.number == Listing.number)
        .where(Listing.deleted_at.is_(None), given.c.reader != Listing.org_id)
        .group_by(Listing.org_id, Listing.id, given.c.day)
        .order_by(Listing.id, given.c.day)  # every process locks in one order
    )
    statement = insert(ListingDay).from_select(["org_id", "listing_id", "day", *rules.COUNTED], found)
    added: dict[str, Column[int]] = {
        name: getattr(ListingDay, name) + statement.excluded[name] for name in rules.COUNTED
    }
    await session.execute(statement.on_conflict_do_update(index_elements=["listing_id", "day"], set_=added))


_tally = Tally()


def tally() -> Tally:
    """Of this process."""
    return _tally


def renew() -> Tally:
    """A new one, for the next life of this process."""
    global _tally
    _tally = Tally()
    return _tally
