"""arq executes, and nothing more: one worker a queue, told a job's id and chance, calling the ledger's `run_job`."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.core.ids import Id
from app.core.jobs_ledger import Queue, run_job
from app.core.leases import Promise
from app.core.supervised import Loop

log = logging.getLogger(__name__)

FUNCTION = "run_job"
POLL_S = 0.05
IDLE_POLL_S = 0.5
# The lease in PostgreSQL decides who runs a job. arq's own mark only has to outlive the claim: what a worker marked and
# then was killed or frozen waits for no longer than this, and a job that takes longer is claimed in vain once.
_IN_PROGRESS_S = 3
_EXPIRES_S = 300
_TRIES = 1_000_000


def connect(url: str) -> ArqRedis:
    """arq's client: msgpack instead of pickle (a write to Redis must not be code), and no endless waits."""
    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=2,
        socket_timeout=2,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 2),
        retry_on_error=[OSError, RedisConnectionError, RedisTimeoutError],
    )
    return ArqRedis(
        pool_or_conn=pool,
        job_serializer=msgspec.msgpack.encode,
        job_deserializer=msgspec.msgpack.decode,
        default_queue_name="desk:default",
    )


async def missing(redis: ArqRedis, queue: str, promises: Sequence[Promise]) -> list[Promise]:
    """Those of `promises` of one queue that arq does not have: one question for all, where a push takes three."""
    scores = await redis.zmscore(f"desk:{queue}", [_arq_id(promise) for promise in promises])
    return [promise for promise, score in zip(promises, scores, strict=True) if score is None]


async def push(redis: ArqRedis, promise: Promise) -> None:
    """Hand one chance to arq; the same chance pushed again is the same arq id, and is refused while it waits."""
    await redis.enqueue_job(
        FUNCTION,
        str(promise.id),
        promise.attempt,
        _job_id=_arq_id(promise),
        _queue_name=f"desk:{promise.queue}",
        _expires=_EXPIRES_S,
    )


def _arq_id(promise: Promise) -> str:
    return f"job:{promise.id}:{promise.attempt}"


class Executor:
    """The arq worker of one queue, restarted when it dies. `on_end` is called after each job."""

    def __init__(self, queue: Queue, redis: ArqRedis, on_end: Callable[[], None]) -> None:
        self.queue = queue
        self._redis = redis
        self._on_end = on_end
        self._worker: _Worker | None = None
        self._left: set[asyncio.Task[Any]] = set()
        self._loop = Loop(f"arq.{queue.name}", self._run)

    def start(self) -> None:
        self._loop.start()

    def nudge(self) -> None:
        """Something was pushed: look now."""
        if self._worker is not None:
            self._worker.nudge.set()

    async def drain(self, within_s: float) -> None:
        """Take nothing new, let running jobs end for a while, cancel the rest: they go back to the ledger."""
        await self._loop.stop()
        running = self._running()
        if running:
            _, late = await asyncio.wait(running, timeout=within_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=3)

    def _running(self) -> set[asyncio.Task[Any]]:
        current = set(self._worker.tasks.values()) if self._worker is not None else set()
        return {task for task in current | self._left if not task.done()}

    async def _run(self, loop: Loop) -> None:
        self._worker = worker = _Worker(self.queue, self._redis, self._call, loop.beat)
        try:
            await worker.main()
        finally:
            # Redis took the worker down, not its jobs: they live in PostgreSQL and end there.
            self._left = self._running()
            for task in self._left:
                task.add_done_callback(_forget)

    async def _call(self, _ctx: dict[str, Any], job_id: str, attempt: int) -> None:
        try:
            await run_job(Id(job_id), attempt)
        except Exception as error:  # noqa: BLE001 - not claimed: the database is away, and the dispatcher tries again
            log.warning("job %s could not be claimed: %s", job_id, type(error).__name__)
        finally:
            self.nudge()
            self._on_end()


def _forget(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.debug("arq could not note the end of a job: %s", task.exception())


class _Worker(Worker):
    """arq's worker that polls every 50 ms while it finds jobs to start; else it waits for a nudge, or half a second."""

    def __init__(self, queue: Queue, redis: ArqRedis, call: Any, beat: Callable[[], None]) -> None:
        super().__init__(
            functions=[func(call, name=FUNCTION, timeout=queue.limit_s + 30, max_tries=_TRIES, keep_result=0)],
            queue_name=f"desk:{queue.name}",
            redis_pool=redis,
            max_jobs=queue.slots,
            max_tries=_TRIES,
            poll_delay=POLL_S,
            keep_result=0,
            handle_signals=False,
            log_results=False,
            job_serializer=msgspec.msgpack.encode,
            job_deserializer=msgspec.msgpack.decode,
        )
        self.in_progress_timeout_s = _IN_PROGRESS_S
        self.nudge = asyncio.Event()
        self._beat = beat
        self._started = False

    async def _poll_iteration(self) -> None:
        if not self._started:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_POLL_S):
                    await self.nudge.wait()
        self.nudge.clear()
        self._started = False
        await super()._poll_iteration()
        self._beat()

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """Some of the oldest that nobody has begun, in any order; what runs here and has outlived its mark is begun.

        arq asks four questions for each job that is there, begun or not, and workers that all go by age ask them for
        the same ones: where answers take a while, most of it was spent on jobs that others had.
        """
        job_ids = [one for one in job_ids if one.decode() not in self.job_tasks]
        if not job_ids:
            return
        begun = await self.pool.mget([in_progress_key_prefix + one.decode() for one in job_ids])
        first = [one for one, mark in zip(job_ids, begun, strict=True) if mark is None][: 2 * self.max_jobs]
        random.shuffle(first)
        self._started = bool(first)
        await super().start_jobs(first)
