"""The ledger: an effect happens once, whatever happens to the one who runs it."""

import asyncio

import pytest
from sqlalchemy import text

from app.core import db, jobs_ledger, leases
from app.core.base import Scope
from app.core.ids import new_id
from app.core.jobs_ledger import MOST_FAILURES, Later, Work, burst, replay, run_job
from app.core.leases import POISON
from tests.jobs.stage import SERVE, OrderPlaced, job, place, served, tweak
from tests.support.links import database_behind


async def test_promise_and_change_are_one_transaction(stage):
    orders = await place(new_id(), n=3)

    assert await burst() == 3
    assert await served() == sorted(orders)
    assert await burst() == 0


async def test_one_chance_is_run_once_however_often_it_is_delivered(stage):
    await place(new_id())
    (promise,) = await leases.due(10)

    ran = await asyncio.gather(*(run_job(promise.id, promise.attempt) for _ in range(20)))

    assert sum(ran) == 1
    assert stage.runs == 1
    assert len(await served()) == 1


async def test_zombie_that_outlived_its_lease_leaves_nothing_behind(stage):
    (order,) = await place(new_id())
    (promise,) = await leases.due(10)
    frozen, thawed = asyncio.Event(), asyncio.Event()

    async def freeze_before_commit(work: Work, fact: OrderPlaced) -> None:
        async with work.unit() as session:
            await session.execute(SERVE, {"org": fact.org_id, "order": fact.id})
            frozen.set()
            await thawed.wait()

    stage.act = freeze_before_commit
    zombie = asyncio.create_task(run_job(promise.id, promise.attempt))
    await frozen.wait()
    await tweak("lease_until = clock_timestamp() - interval '1 second'")
    stage.act = stage.serve
    assert await burst() == 1
    thawed.set()
    await zombie

    assert await served() == [order]
    assert (await job())["failures"] == 0


async def test_zombie_whose_lease_ran_out_is_fenced_even_when_nobody_took_over(stage):
    await place(new_id())
    (promise,) = await leases.due(10)

    async def too_slow(work: Work, fact: OrderPlaced) -> None:
        async with work.unit() as session:
            await session.execute(SERVE, {"org": fact.org_id, "order": fact.id})
            await tweak("lease_until = clock_timestamp() - interval '1 second'")

    stage.act = too_slow
    await run_job(promise.id, promise.attempt)

    assert await served() == []
    stage.act = stage.serve
    await burst()
    assert len(await served()) == 1


async def test_a_database_that_goes_away_is_no_failure_of_the_job(stage, settings):
    (order,) = await place(new_id())
    (promise,) = await leases.due(10)

    async def wait_in_the_database(work: Work, fact: OrderPlaced) -> None:
        async with work.unit() as session:
            await session.execute(SERVE, {"org": fact.org_id, "order": fact.id})
            await session.execute(text("select pg_sleep(5)"))

    stage.act = wait_in_the_database
    async with database_behind(settings) as link:
        running = asyncio.create_task(run_job(promise.id, promise.attempt))
        await asyncio.sleep(0.3)
        await link.turn("cut")
        await running

    assert (await job())["failures"] == 0
    stage.act = stage.serve
    await tweak("run_at = clock_timestamp()")
    await burst()
    assert await served() == [order]


async def test_failure_backs_off_longer_each_time_and_ends_in_the_dead_letters(stage):
    await place(new_id())

    async def fail(_work: Work, _fact: OrderPlaced) -> None:
        raise ConnectionResetError("the vendor hung up")

    stage.act = fail
    waits = []
    for _ in range(MOST_FAILURES):
        assert await burst() == 1
        row = await job()
        waits.append((row["run_at"] - row["created_at"]).total_seconds())  # type: ignore[operator]
        await tweak("run_at = created_at")

    dead = await job()
    assert waits[1] > waits[0] > 1
    assert waits[6] > 60
    assert dead["dead_at"] is not None
    assert dead["failures"] == MOST_FAILURES
    assert dead["last_error"] == "ConnectionResetError: the vendor hung up"
    assert await burst() == 0


async def test_replay_brings_a_dead_job_back_once_and_is_audited(stage):
    org = new_id()
    (order,) = await place(org)
    await tweak("dead_at = now(), failures = 12, last_error = 'x'")
    job_id = (await job())["id"]

    first, second = await asyncio.gather(replay(job_id), replay(job_id))

    assert sorted((first, second)) == [False, True]
    assert not await replay(new_id())
    async with db.system() as session:
        audited = await session.scalars(text("select entity_id from audit_record where action = 'job.replayed'"))
        assert audited.all() == [job_id]
    await burst()
    assert await served() == [order]


async def test_kill_is_not_a_failure_and_the_fifth_one_is_poison(stage):
    await place(new_id())

    async def killed(_work: Work, _fact: OrderPlaced) -> None:
        raise AssertionError("never runs: the claims below die before")

    stage.act = killed
    for _ in range(POISON):
        (promise,) = await leases.due(10)
        assert await leases.claim(promise.id, promise.attempt, new_id())
        await tweak("lease_until = clock_timestamp() - interval '1 minute'")

    row = await job()
    assert (row["failures"], row["crashes"]) == (0, POISON - 1)
    assert await burst() == 1
    row = await job()
    assert row["dead_at"] is not None
    assert row["last_error"] == f"crashed {POISON} times"
    assert stage.runs == 0


async def test_later_is_neither_failure_nor_crash(stage):
    await place(new_id())

    async def patience(_work: Work, _fact: OrderPlaced) -> None:
        raise Later(30)

    stage.act = patience
    await burst()
    await tweak("run_at = created_at")
    await burst()

    row = await job()
    assert (row["failures"], row["crashes"], row["dead_at"]) == (0, 0, None)
    assert 25 < (row["run_at"] - row["created_at"]).total_seconds() < 35  # type: ignore[operator]


async def test_shutdown_gives_the_job_back_at_once(stage):
    await place(new_id())
    (promise,) = await leases.due(10)
    started = asyncio.Event()

    async def long(_work: Work, _fact: OrderPlaced) -> None:
        started.set()
        await asyncio.sleep(60)

    stage.act = long
    run = asyncio.create_task(run_job(promise.id, promise.attempt))
    await started.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run

    (again,) = await leases.due(10)
    assert again.attempt == promise.attempt + 1
    assert (await job())["crashes"] == 0


async def test_step_is_fenced_and_leaves_the_job_open(stage):
    (order,) = await place(new_id())

    async def two_steps(work: Work, fact: OrderPlaced) -> None:
        async with work.step() as session:
            await session.execute(SERVE, {"org": fact.org_id, "order": fact.id})
        assert (await job())["done_at"] is None
        async with work.unit():
            pass
        with pytest.raises(RuntimeError, match="ended this job"):
            async with work.unit():
                pass

    stage.act = two_steps
    await burst()

    assert await served() == [order]
    assert (await job())["done_at"] is not None


async def test_reaction_without_a_unit_is_done_when_it_returns_and_keeps_its_key(stage):
    await place(new_id())
    keys = []

    async def call_vendor(work: Work, _fact: OrderPlaced) -> None:
        keys.append(work.key)
        if len(keys) == 1:
            raise TimeoutError

    stage.act = call_vendor
    await burst()
    await tweak("run_at = created_at")
    await burst()

    assert keys[0] == keys[1]
    assert (await job())["done_at"] is not None


async def test_payload_and_kind_unknown_to_this_release_wait_in_backoff(stage):
    await place(new_id())
    await tweak("kind = 'leads.reactions.gone'")
    await burst()
    assert "UnknownJob" in str((await job())["last_error"])

    await tweak("""run_at = created_at, args = '{"tag": "order.placed", "fact": {"id": 7}}'""")
    await burst()
    assert "ValidationError" in str((await job())["last_error"])
    assert (await job())["failures"] == 2


async def test_error_text_of_the_database_stays_out_of_the_ledger(stage):
    await place(new_id())

    async def leak(work: Work, _fact: OrderPlaced) -> None:
        async with work.unit() as session:
            await session.execute(text("select cast(:phone as int)"), {"phone": "+923001234567"})

    stage.act = leak
    await burst()

    assert "923001234567" not in str((await job())["last_error"])


async def test_orgs_take_turns_in_a_queue_and_queues_do_not_wait_for_each_other(stage):
    big, small = new_id(), new_id()
    await place(big, n=300)
    await place(small, n=2)

    promises = await leases.due(10)
    async with db.system() as session:
        owners = dict((await session.execute(text("select id, org_id from job"))).all())

    assert len(promises) == 10
    assert [owners[promise.id] for promise in promises[:4]].count(small) == 2


async def test_figures_show_depth_lag_and_dead_letters(stage):
    await place(new_id(), n=4)
    async with db.system() as session:
        await session.execute(text("update job set dead_at = now() where id = (select min(id::text)::uuid from job)"))
        await session.execute(text("update job set run_at = now() - interval '90 s' where dead_at is null"))

    shown = {figure.queue: figure for figure in await jobs_ledger.figures()}

    assert (shown["default"].due, shown["default"].dead) == (3, 1)
    assert 89 < shown["default"].lag_s < 100
    assert shown["leads-sla"].due == 0


async def test_job_of_one_org_sees_nothing_of_another(stage):
    ours, theirs = new_id(), new_id()
    await place(theirs)
    await burst()
    await place(ours)
    seen = []

    async def look(work: Work, _fact: OrderPlaced) -> None:
        async with work.unit() as session:
            seen.extend((await session.scalars(text("select distinct org_id from event"))).all())

    stage.act = look
    await burst()

    assert seen == [ours]
    async with db.unit(Scope(org_id=ours), read=True) as session:
        assert (await session.scalars(text("select distinct org_id from job"))).all() == [ours]
