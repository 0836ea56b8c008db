"""The dispatcher: hands what is due to arq, again when it got lost, and runs it here while Redis is away."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Mapping
from math import inf

from arq.connections import ArqRedis

from app.core import channels, leases
from app.core.ids import Id
from app.core.jobs_ledger import QUEUES, run_job
from app.core.leases import Promise
from app.core.supervised import Loop
from app.core.wakes import Wakes
from jobs.executor import Executor, missing, push

log = logging.getLogger(__name__)

WINDOW = 40
"""Jobs of one queue that are handed out at once; the rest waits in PostgreSQL, where waiting is fair."""

_POLL_S = 0.25
_GAP_S = 0.1
_PUSH_AGAIN_S = 1.5
_PATIENCE_S = 2.0
_AT_HOME = 8


class Dispatcher:
    """One per worker process; several processes may hand out the same chance, and the claim lets one through."""

    def __init__(self, redis: ArqRedis | None, executors: Mapping[str, Executor], wakes: Wakes) -> None:
        self._redis = redis
        self._executors = executors
        self._nudged = asyncio.Event()
        self._unhook = wakes.listen(lambda _org, _seq: self.nudge(), self.nudge)
        self._down_since: float | None = None
        self._pushed: dict[tuple[Id, int], float] = {}
        self._here: dict[tuple[Id, int], asyncio.Task[bool]] = {}
        self._busy: Counter[str] = Counter()
        self._more = False
        self._loops = [Loop("dispatcher", self._dispatch)]
        if redis is not None:
            self._loops.append(Loop("dispatcher.redis", self._watch_redis))

    @property
    def at_home(self) -> bool:
        """Jobs run in this process because Redis is absent or has been away for two seconds."""
        if self._redis is None:
            return True
        return self._down_since is not None and time.monotonic() - self._down_since >= _PATIENCE_S

    def start(self) -> None:
        for loop in self._loops:
            loop.start()

    def nudge(self) -> None:
        """Something may be due: look now."""
        self._nudged.set()

    def one_ended(self) -> None:
        """A job ended: what waits in PostgreSQL behind a full window may come nearer."""
        if self._more:
            self.nudge()

    async def drain(self, within_s: float) -> None:
        """Hand out nothing more and end what runs here; what does not end goes back to the ledger."""
        self._unhook()
        for loop in self._loops:
            await loop.stop()
        if self._here:
            _, late = await asyncio.wait(self._here.values(), timeout=within_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=3)

    async def _dispatch(self, loop: Loop) -> None:
        while True:
            self._nudged.clear()
            promises = await leases.due(WINDOW)
            self._more = max(Counter(promise.queue for promise in promises).values(), default=0) >= WINDOW
            if self.at_home:
                self._run_here(promises)
            else:
                await self._push(promises)
            loop.beat()
            await asyncio.sleep(_GAP_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL_S):
                    await self._nudged.wait()

    async def _push(self, promises: list[Promise]) -> None:
        assert self._redis is not None  # noqa: S101 - without Redis everything runs at home
        now = time.monotonic()
        known = {(promise.id, promise.attempt): promise for promise in promises}
        self._pushed = {chance: at for chance, at in self._pushed.items() if chance in known}
        late = [promise for chance, promise in known.items() if now - self._pushed.get(chance, -inf) >= _PUSH_AGAIN_S]
        try:
            for queue in dict.fromkeys(promise.queue for promise in late):
                await self._push_to(queue, [promise for promise in late if promise.queue == queue], now)
        except channels.AWAY as error:
            self._lost(error)

    async def _push_to(self, queue: str, promises: list[Promise], now: float) -> None:
        assert self._redis is not None  # noqa: S101 - as above
        for promise in await missing(self._redis, queue, promises):
            await push(self._redis, promise)
        for promise in promises:
            self._pushed[promise.id, promise.attempt] = now
        if queue in self._executors:
            self._executors[queue].nudge()

    def _run_here(self, promises: list[Promise]) -> None:
        self._pushed.clear()
        for promise in promises:
            queue = QUEUES.get(promise.queue, QUEUES["default"])
            if len(self._here) >= _AT_HOME:
                return
            if (promise.id, promise.attempt) in self._here or self._busy[queue.name] >= max(1, _AT_HOME // 2):
                continue
            self._busy[queue.name] += 1
            chance = (promise.id, promise.attempt)
            self._here[chance] = asyncio.create_task(self._run(chance, queue.name), name=f"job {promise.id}")

    async def _run(self, chance: tuple[Id, int], queue: str) -> bool:
        try:
            return await run_job(*chance)
        except Exception:
            log.exception("job %s could not be claimed", chance[0])
            return False
        finally:
            del self._here[chance]
            self._busy[queue] -= 1
            self.nudge()

    async def _watch_redis(self, loop: Loop) -> None:
        assert self._redis is not None  # noqa: S101 - started only with Redis
        while True:
            try:
                await self._redis.ping()
            except channels.AWAY as error:
                self._lost(error)
            else:
                if self.at_home:
                    log.info("Redis is back: jobs go through arq again")
                    self.nudge()
                self._down_since = None
            loop.beat()
            await asyncio.sleep(0.5)

    def _lost(self, error: Exception) -> None:
        if self._down_since is None:
            self._down_since = time.monotonic()
            log.warning("Redis does not answer (%s): jobs run in this process from now on", type(error).__name__)
