"""Workers that die are known to be dead at once; those that live, or cannot be asked about, keep their jobs."""

import pytest
from sqlalchemy import text

from app.core import db, leases, roll
from app.core.ids import new_id
from app.core.leases import Claimed, Promise
from app.core.roll import Roll
from tests.jobs.stage import Stage, place
from tests.support.until import until


async def taken(promise: Promise) -> Claimed | None:
    return await leases.claim(promise.id, promise.attempt, new_id())


@pytest.fixture
async def promise(stage: Stage) -> Promise:
    await place(new_id())
    (found,) = await leases.due(10)
    return found


async def test_a_dead_workers_job_is_due_at_once_and_its_lease_is_worth_nothing(promise: Promise) -> None:
    worker, token = Roll(), new_id()
    await worker.start()
    assert await leases.claim(promise.id, promise.attempt, token)
    assert await leases.due(10) == []
    assert await taken(Promise(promise.id, promise.queue, 1)) is None

    await worker.stop()
    (again,) = await leases.due(10)
    job = await taken(again)

    assert job is not None
    assert (again.attempt, job.crashes) == (1, 1)
    assert not await leases.keep(promise.id, token)


async def test_one_of_many_takes_over(promise: Promise) -> None:
    worker = Roll()
    await worker.start()
    await taken(promise)
    await worker.stop()
    (again,) = await leases.due(10)

    assert [await taken(again) is not None for _ in range(3)] == [True, False, False]


async def test_who_is_not_on_the_roll_keeps_the_lease(promise: Promise) -> None:
    assert roll.present() is None
    await taken(promise)

    assert await leases.due(10) == []
    assert await taken(Promise(promise.id, promise.queue, 1)) is None


async def test_a_job_that_kills_its_workers_waits_for_its_lease(promise: Promise) -> None:
    for attempt in range(3):
        worker = Roll()
        await worker.start()
        assert await taken(Promise(promise.id, promise.queue, attempt))
        await worker.stop()

    assert await leases.due(10) == []
    assert await taken(Promise(promise.id, promise.queue, 3)) is None


async def test_a_worker_that_lost_its_line_comes_back_under_another_number(stage: Stage) -> None:
    worker = Roll()
    await worker.start()
    before = roll.present()
    async with db.system() as session:
        ours = "locktype = 'advisory' and objsubid = 2 and objid = :holder"
        cut = text(f"select pg_terminate_backend(pid) from pg_locks where {ours}")  # noqa: S608
        await session.execute(cut, {"holder": before})

    async def back() -> bool:
        return roll.present() not in (None, before)

    await until(back, 20)
    await worker.stop()
    assert roll.present() is None
