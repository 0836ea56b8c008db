"""Timers: each fires once, in time, in its org, whatever happens to the one who fires it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Column, DateTime, MetaData, Row, Table, Uuid, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from app.core import db, pool, rls
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.settings import Settings
from app.core.timers import Timer
from jobs.sweeper import Sweeper
from tests.jobs.stage import OrderServed
from tests.support.until import until

ALARM = Table(
    "alarm",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("org_id", Uuid),
    Column("due_at", DateTime(timezone=True)),
    Column("fired_at", DateTime(timezone=True)),
)


async def ring(session: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
    ids = [row.id for row in rows]
    await session.execute(update(ALARM).where(ALARM.c.id.in_(ids)).values(fired_at=text("clock_timestamp()")))
    for row in rows:
        record(session, OrderServed(org_id=row.org_id, id=row.id))


def alarms(fire: Any = ring) -> Timer:
    return Timer(name="alarm", table=ALARM, due=ALARM.c.due_at, open=ALARM.c.fired_at.is_(None), fire=fire)


@pytest.fixture
async def clock(stage: object, settings: Settings) -> None:
    engine = create_async_engine(db.async_url(settings.database_owner_url or ""))
    async with engine.begin() as connection:
        await connection.run_sync(ALARM.metadata.create_all)
        await connection.execute(text("create index on alarm (due_at) where fired_at is null"))
        for statement in (*rls.guard("alarm"), *rls.grant("alarm", system="select, insert, update")):
            await connection.execute(text(statement))
    await engine.dispose()


async def set_alarms(org: Id, n: int, *, in_s: float = 0) -> None:
    async with db.system() as session:
        await session.execute(
            text(
                "insert into alarm select gen_random_uuid(), :org, clock_timestamp() + make_interval(secs => :s) "
                "from generate_series(1, :n)"
            ),
            {"org": org, "n": n, "s": in_s},
        )


async def ask(question: str) -> Any:
    async with db.system() as session:
        return (await session.execute(text(question))).scalar_one()


ANNOUNCED = "select count(*) from event where tag = 'order.served'"


async def test_a_batch_that_took_long_is_followed_by_smaller_ones(clock, monkeypatch):
    monkeypatch.setattr("jobs.sweeper._LONG_S", 0.0)
    await set_alarms(new_id(), 1100)
    sizes: list[int] = []

    async def slowly(session: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
        sizes.append(len(rows))
        await ring(session, rows, at)

    sweeper = Sweeper([alarms(slowly)])
    while await sweeper.turn():
        pass

    assert sizes == [500, 250, 125, 62, 50, 50, 50, 13]


async def test_overdue_timers_of_many_orgs_fire_once_each_over_two_sweepers(clock):
    for _ in range(5):
        await set_alarms(new_id(), 700)

    async def drain() -> None:
        sweeper = Sweeper([alarms()])
        while await sweeper.turn():
            pass

    await asyncio.gather(drain(), drain())

    assert await ask("select count(*) from alarm where fired_at is null") == 0
    assert await ask(ANNOUNCED) == 3500
    assert await ask("select count(distinct payload ->> 'id') from event where tag = 'order.served'") == 3500


async def test_timers_fire_soon_after_they_are_due_and_never_before(clock):
    sweeper = Sweeper([alarms()])
    sweeper.start()
    for tenth in range(10):
        await set_alarms(new_id(), 3, in_s=0.3 + tenth / 10)

    async def rung() -> bool:
        return bool(await ask("select count(*) from alarm where fired_at is null") == 0)

    await until(rung)
    await sweeper.stop()

    assert float(await ask("select min(extract(epoch from fired_at - due_at)) from alarm")) >= 0
    assert float(await ask("select max(extract(epoch from fired_at - due_at)) from alarm")) < 0.5


async def test_a_database_that_was_away_sets_no_row_aside(clock):
    await set_alarms(new_id(), 1)
    failures = [pool.Silent("no answer"), None]

    async def away_once(session: Db, rows: Sequence[Row[Any]], at: datetime) -> None:
        if failure := failures.pop(0):
            raise failure
        await ring(session, rows, at)

    sweeper = Sweeper([alarms(away_once)])

    assert [await sweeper.turn(), await sweeper.turn()] == [0, 1]


async def test_one_bad_row_is_set_aside_and_the_rest_fire(clock):
    org = new_id()
    await set_alarms(org, 20)
    bad = await ask("select id from alarm order by due_at, id limit 1")

    async def break_on_bad(session: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
        if any(row.id == bad for row in rows):
            raise ValueError("this one cannot")
        await ring(session, rows, _at)

    sweeper = Sweeper([alarms(break_on_bad)])
    for _ in range(20):
        await sweeper.turn()

    assert await ask("select count(*) from alarm where fired_at is null") == 1
    assert await ask(ANNOUNCED) == 19


async def test_timer_that_forgets_to_mark_its_rows_is_rolled_back(clock):
    await set_alarms(new_id(), 1)

    async def announce_only(session: Db, rows: Sequence[Row[Any]], _at: datetime) -> None:
        record(session, OrderServed(org_id=rows[0].org_id, id=rows[0].id))

    sweeper = Sweeper([alarms(announce_only)])

    assert await sweeper.turn() == 0
    assert await ask(ANNOUNCED) == 0


async def test_overdue_drain_is_fast(clock):
    await set_alarms(new_id(), 5000)
    sweeper, began = Sweeper([alarms()]), asyncio.get_running_loop().time()
    while await sweeper.turn():
        pass

    assert asyncio.get_running_loop().time() - began < 5
    assert await ask(ANNOUNCED) == 5000
