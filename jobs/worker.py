"""The worker process: arq's executors, the dispatcher, the sweeper, the clerk and the post, each supervised."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable

from app import wiring
from app.core import db, health, settings, supervised, telemetry
from app.core.jobs_ledger import QUEUES
from app.core.roll import Roll
from app.core.settings import Settings
from app.core.telemetry import metrics, worker_port
from app.core.wakes import Wakes
from app.search import service as search
from jobs import figures
from jobs.dispatcher import Dispatcher
from jobs.executor import Executor, connect
from jobs.post import Post
from jobs.schedule import Clerk
from jobs.sweeper import Sweeper

log = logging.getLogger(__name__)

STATEMENT_S = 60
DRAIN_S = 8.0


class Crew:
    """Everything that works in a worker process, over an installed database."""

    def __init__(self, redis_url: str | None) -> None:
        self.wakes = Wakes(redis_url)
        self._redis = connect(redis_url) if redis_url else None
        self._executors = (
            {name: Executor(queue, self._redis, self._look_again) for name, queue in QUEUES.items()}
            if self._redis is not None
            else {}
        )
        self.dispatcher = Dispatcher(self._redis, self._executors, self.wakes)
        self._roll = Roll()
        self._sweeper = Sweeper()
        self._clerk = Clerk()

    async def start(self) -> None:
        await self.wakes.start()
        await self._roll.start()
        for executor in self._executors.values():
            executor.start()
        self.dispatcher.start()
        self._sweeper.start()
        self._clerk.start()

    async def stop(self, drain_s: float = DRAIN_S) -> None:
        """Take nothing new, let running jobs end for `drain_s`; the rest goes back to the ledger, unharmed."""
        await asyncio.gather(
            self._clerk.stop(),
            self._sweeper.stop(),
            self.dispatcher.drain(drain_s),
            *(executor.drain(drain_s) for executor in self._executors.values()),
        )
        await self._roll.stop()
        await self.wakes.stop()
        if self._redis is not None:
            with contextlib.suppress(Exception):
                await self._redis.aclose(close_connection_pool=True)

    def _look_again(self) -> None:
        self.dispatcher.one_ended()


async def run(found: Settings, *, stop: asyncio.Event | None = None, wire: Callable[[], None] = wiring.install) -> None:
    """Work until `stop`, SIGTERM or SIGINT. Waits for the database and its schema instead of giving up."""
    settings.install(found)
    telemetry.install(found, process="worker")
    logging.getLogger("arq").setLevel(logging.WARNING)
    stop = stop or asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    wire()
    database = db.Database(found, statement_s=STATEMENT_S)
    db.install(database)
    end_figures = metrics.collect(figures.read)
    worker_port.tell_loops(lambda: {name: loop.healthy for name, loop in supervised.running().items()})
    try:
        async with telemetry.serve_worker_metrics(found):
            if await _database_ready(stop):
                async with search.connected(found):
                    await _work(found, stop)
    finally:
        end_figures()
        await database.close()
        telemetry.shutdown()


async def _work(found: Settings, stop: asyncio.Event) -> None:
    crew, post = Crew(found.redis_url), Post(found)
    await crew.start()
    post.start()
    log.info("worker ready")
    try:
        await stop.wait()
        log.info("worker stops")
    finally:
        await post.stop()
        await crew.stop()


async def _database_ready(stop: asyncio.Event) -> bool:
    """Wait until PostgreSQL answers and has this release's schema; False when told to stop before."""
    told = None
    while not stop.is_set():
        state = (await health.readiness()).parts["postgresql"]
        if state == "ok":
            return True
        if state != told:
            log.warning("waiting for PostgreSQL: %s", state)
            told = state
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await stop.wait()
    return False
