"""A whole worker in process: jobs through arq, through a flushed, a lost and an absent Redis, and a clean stop."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from sqlalchemy import text

from app.core import db, leases, supervised
from app.core.embedded.servers import Servers
from app.core.ids import new_id
from app.core.jobs_ledger import QUEUES, Work
from jobs import executor
from jobs.worker import Crew
from tests.jobs.stage import OrderPlaced, job, place, served
from tests.support.until import until


@asynccontextmanager
async def working(redis_url: str | None) -> AsyncIterator[Crew]:
    crew = Crew(redis_url)
    await crew.start()
    try:
        yield crew
    finally:
        await crew.stop(drain_s=1)


async def all_served(n: int, within_s: float = 10) -> None:
    async def enough() -> bool:
        return len(await served()) >= n

    await until(enough, within_s)


async def test_job_runs_within_moments_of_its_commit(stage, redis_url: str):
    async with working(redis_url) as crew:
        await until(lambda: crew.wakes.connected)
        await place(new_id())
        await all_served(1)
        waits = []
        for n in range(2, 12):
            committed = time.monotonic()
            await place(new_id())
            await all_served(n)
            waits.append(time.monotonic() - committed)

    assert sorted(waits)[5] < 0.3


async def test_many_jobs_of_many_orgs_are_each_done_once(stage, redis_url: str):
    async with working(redis_url):
        orders = [order for org in range(10) for order in await place(new_id(), n=30)]
        await all_served(300, 30)
        await asyncio.sleep(0.2)

    assert await served() == sorted(orders)
    assert stage.runs == 300


async def test_flushed_redis_costs_two_seconds_and_no_job(stage, redis_url: str):
    gate = asyncio.Event()

    async def wait_then_serve(work: Work, fact: OrderPlaced) -> None:
        await gate.wait()
        await stage.serve(work, fact)

    stage.act = wait_then_serve
    async with working(redis_url), Redis.from_url(redis_url) as redis:
        orders = await place(new_id(), n=20)  # eight run, twelve wait in Redis
        await until(lambda: stage.runs == 8)
        await redis.flushall()
        gate.set()
        flushed = time.monotonic()
        await all_served(20)

    assert time.monotonic() - flushed < 4
    assert await served() == sorted(orders)


async def test_without_redis_jobs_run_in_the_process(stage):
    async with working(None):
        orders = await place(new_id(), n=20)
        await all_served(20)

    assert await served() == sorted(orders)


async def test_lost_redis_is_survived_and_used_again(stage, servers: Servers, redis_url: str):
    assert servers.valkey is not None
    async with working(redis_url) as crew:
        await place(new_id())
        await all_served(1)
        servers.valkey.stop()
        await place(new_id(), n=5)
        await all_served(6)
        assert crew.dispatcher.at_home
        servers.valkey.start()
        servers.note(servers.valkey)
        await until(lambda: not crew.dispatcher.at_home)
        await place(new_id(), n=5)
        await all_served(11)
        await until(lambda: all(loop.healthy and not loop.last_error for loop in supervised.running().values()))


async def test_clean_stop_gives_running_jobs_back_without_a_mark(stage, redis_url: str):
    async def long(_work: Work, _fact: OrderPlaced) -> None:
        await asyncio.sleep(60)

    stage.act = long
    crew = Crew(redis_url)
    await crew.start()
    await place(new_id())
    await until(lambda: stage.runs == 1)
    began = time.monotonic()
    await crew.stop(drain_s=0.3)

    row = await job()
    assert time.monotonic() - began < 5
    assert (row["lease_token"], row["failures"], row["crashes"], row["done_at"]) == (None, 0, 0, None)


async def spread_over(*queues: str) -> None:
    """Move the jobs to these queues, in turn."""
    async with db.system() as session:
        for n, queue in enumerate(queues):
            await session.execute(
                text("update job set queue = :queue where event_seq % :all = :n"),
                {"queue": queue, "all": len(queues), "n": n},
            )


async def test_every_queue_has_a_worker(stage, redis_url: str):
    await place(new_id(), n=len(QUEUES))
    await spread_over(*QUEUES)
    async with working(redis_url) as crew:
        crew.dispatcher._run_here = None  # type: ignore[assignment]  # through arq or not at all
        await all_served(len(QUEUES))


async def test_hung_queue_does_not_delay_the_others(stage, redis_url: str):
    await place(new_id(), n=60)
    await spread_over("hooks", "leads-sla")
    hooks = {promise.id for promise in await leases.due(60) if promise.queue == "hooks"}

    async def hooks_hang(work: Work, fact: OrderPlaced) -> None:
        if work.job_id in hooks:
            await asyncio.sleep(60)
        await stage.serve(work, fact)

    stage.act = hooks_hang
    async with working(redis_url):
        await all_served(30)

    assert len(hooks) == 30


async def test_rubbish_and_pickles_in_redis_run_nothing(stage, redis_url: str, tmp_path):
    import pickle

    marker = tmp_path / "owned"

    class Bomb:
        def __reduce__(self):
            return (open, (str(marker), "w"))

    async with working(redis_url), Redis.from_url(redis_url) as redis:
        payload = pickle.dumps({"t": None, "f": "run_job", "a": (Bomb(),), "k": {}, "et": 0})
        for key, value in {"bomb": payload, "junk": b"\xc1", "empty": b""}.items():
            await redis.set(f"arq:job:{key}", value)
            await redis.zadd("desk:default", {key: 1})
        await place(new_id())
        await all_served(1)

    assert not marker.exists()


async def test_a_job_that_outlives_its_mark_is_not_begun_again_beside_itself(
    stage, redis_url: str, monkeypatch, caplog
):
    monkeypatch.setattr(executor, "_IN_PROGRESS_S", 0.2)

    async def slowly(work: Work, fact: OrderPlaced) -> None:
        await asyncio.sleep(1.5)
        await stage.serve(work, fact)

    stage.act = slowly
    async with working(redis_url):
        (order,) = await place(new_id())
        await all_served(1)
        await asyncio.sleep(0.3)

    assert await served() == [order]
    assert stage.runs == 1
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
