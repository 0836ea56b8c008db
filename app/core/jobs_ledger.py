"""Jobs: promises in PostgreSQL, kept under a lease. `run_job` is the only executor, whoever calls it.

A reaction is `async def send_invitation(work: Work, fact: MemberInvited) -> None`. It may run more than once (a crash,
a freeze, a lost answer), and its effect must still happen once. Two shapes make that so:

*Effect in our database.* Do it in `work.unit()`: the transaction that writes the effect also checks that this worker
still holds the lease and marks the job done, so a second run finds nothing to do and a late one is rolled back.

*Effect at a vendor* (mail, SMS, webhook, index): intent, call, record.

    async with work.step() as session:               # intent: what we are about to do, durable before the call
        intent = await queries.intent(session, fact.id)
    receipt = await mail.send(intent, key=work.key)  # the call: outside any transaction, with a key that never changes
    async with work.unit() as session:               # record: the result, and the job is done
        service.note_sent(session, intent, receipt)

A run that dies between call and record calls again with the same `work.key`, and the vendor answers with what it did
the first time. A vendor without idempotency keys gets at-least-once, which the reaction then says in its docstring.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from app.core import db, events, leases, pool
from app.core.base import Db, Scope
from app.core.events import Fact, Reaction, Wire, record
from app.core.ids import Id, new_id
from app.core.leases import HEARTBEAT_S, LEASE_S, POISON, Claimed, Figures
from app.core.supervised import end
from app.core.telemetry.traces import span

log = logging.getLogger(__name__)

MOST_FAILURES = 12
_FIRST_WAIT_S = 2.0
_LONGEST_WAIT_S = 3600.0


class Queue(Struct, frozen=True):
    """A class of work with workers of its own. `slots` run at once in a process, each for at most `limit_s`."""

    name: str
    slots: int = 8
    limit_s: float = 60


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("leads-sla"),
        Queue("notify"),
        Queue("hooks", slots=16),
        Queue("indexing", slots=4, limit_s=300),
        Queue("feed-import", slots=2, limit_s=3600),
        Queue("media-iq", slots=2, limit_s=300),
        Queue("pricing-refresh", slots=2, limit_s=300),
        Queue("default"),
    )
}


class JobReplayed(Fact, frozen=True, kw_only=True, tag="job.replayed"):
    """A dead job was brought back by hand; `id` is the job's."""

    kind: str


WIRES: events.Table = {JobReplayed: Wire()}


class Fenced(Exception):
    """The lease went to another worker; this run's transaction is rolled back and nothing of it remains."""


class Later(Exception):
    """Raised by a reaction: not now, again in `after_s`. Not a failure; for a vendor that asks for patience."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"again in {after_s:g} s")
        self.after_s = after_s


class UnknownJob(Exception):
    """This release has no such reaction or fact: an older worker during a deploy, or a name that was dropped."""


class Work:
    """One run of one job, handed to the reaction."""

    def __init__(self, job: Claimed, token: Id) -> None:
        self.job_id = job.id
        self.org_id = job.org_id
        self.failures = job.failures
        self.finished = False
        self._token = token

    @property
    def key(self) -> str:
        """Idempotency key for vendors: the same in every run of this job, for ever."""
        return f"job-{self.job_id}"

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Db]:
        """The last unit of work: commits the effect, its facts and "done" together, or raises Fenced."""
        self._refuse_second_end()
        async with db.unit(Scope(org_id=self.org_id)) as session:
            yield session
            await session.flush()
            if not await leases.done_in(session, self.job_id, self._token):
                raise Fenced
        self.finished = True

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Db]:
        """A unit of work with more to follow: fenced like `unit`, and the job stays open."""
        self._refuse_second_end()
        async with db.unit(Scope(org_id=self.org_id)) as session:
            yield session
            await session.flush()
            if not await leases.keep_in(session, self.job_id, self._token):
                raise Fenced

    def _refuse_second_end(self) -> None:
        if self.finished:
            raise RuntimeError("work.unit() ended this job; what comes before its end is work.step()")


async def run_job(job_id: Id, attempt: int) -> bool:
    """Run a job if this chance is still there; False when it is not. Failures end in the ledger, never here."""
    token = new_id()
    job = await leases.claim(job_id, attempt, token)
    if job is None:
        return False
    if job.crashes >= POISON:
        log.error("job %s %s is poison: %d crashes", job.kind, job.id, job.crashes)
        await leases.bury(job.id, token, error=f"crashed {job.crashes} times", failed=False)
        return True
    work = Work(job, token)
    try:
        with span(f"job {job.kind}", kind="job", traceparent=job.trace, queue=job.queue):
            await _held(job, work, token)
    except Fenced:
        log.warning("job %s %s lost its lease: this run left nothing behind", job.kind, job.id)
    except asyncio.CancelledError:
        await asyncio.shield(_settle(job, token, Later(0)))
        raise
    except Exception as error:  # noqa: BLE001 - the edge of a job: whatever it raises goes to backoff or dead letters
        await _settle(job, token, error)
    return True


async def _held(job: Claimed, work: Work, token: Id) -> None:
    """Run the reaction while the heartbeat holds the lease; raises Fenced as soon as it is lost."""
    limit_s = QUEUES.get(job.queue, QUEUES["default"]).limit_s
    body = asyncio.create_task(_react(job, work), name=f"job {job.kind}")
    pulse = asyncio.create_task(_pulse(job.id, token))
    try:
        done, _ = await asyncio.wait({body, pulse}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        if body in done:
            await body
        elif pulse in done:
            raise Fenced
        else:
            raise TimeoutError(f"longer than {limit_s:g} s")
    finally:
        await end(body, pulse)
    if not work.finished and not await leases.done(job.id, token):
        raise Fenced


async def _react(job: Claimed, work: Work) -> None:
    fact = events.decode(job.args["tag"], job.args["fact"])
    reaction = reactions().get(job.kind)
    if reaction is None or fact is None:
        raise UnknownJob(f"{job.kind} for {job.args['tag']}")
    await reaction.function(work, fact)


async def _pulse(job_id: Id, token: Id) -> None:
    """Renew the lease; returns when it is lost. A database that is away may come back before the lease is over."""
    renewed_at = time.monotonic()
    while time.monotonic() - renewed_at < LEASE_S:
        await asyncio.sleep(HEARTBEAT_S)
        asked_at = time.monotonic()
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                if not await leases.keep(job_id, token):
                    return
            renewed_at = asked_at
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the next beat may get through
            log.warning("heartbeat of job %s failed: %s", job_id, type(error).__name__)


async def _settle(job: Claimed, token: Id, error: Exception) -> None:
    """Write down how the run ended. While the database is away, try until the lease would be over anyway.

    An outage of the database is not the job's fault and is not counted as its failure.
    """
    outage = pool.is_away(error)
    give_up_at = time.monotonic() + LEASE_S
    while True:
        try:
            await _write_end(job, token, Later(random.uniform(0.1, 1)) if outage else error)  # noqa: S311 - jitter
            return
        except Exception as trouble:  # noqa: BLE001 - the lease ends by itself when this cannot be written
            outage = True
            if time.monotonic() > give_up_at:
                log.warning("end of job %s was not written: %s", job.id, type(trouble).__name__)
                return
            await asyncio.sleep(0.3)


async def _write_end(job: Claimed, token: Id, error: Exception) -> None:
    if isinstance(error, Later):
        await leases.release(job.id, token, after_s=error.after_s)
        return
    told = describe(error)
    failures = job.failures + 1
    if failures >= MOST_FAILURES:
        log.error("job %s %s is dead after %d failures: %s", job.kind, job.id, failures, told, exc_info=error)
        await leases.bury(job.id, token, error=told, failed=True)
        return
    log.warning("job %s %s failed (%d): %s", job.kind, job.id, failures, told, exc_info=error)
    await leases.fail(job.id, token, error=told, after_s=backoff_s(failures))


def backoff_s(failures: int) -> float:
    """Wait after the nth failure: 2 s, 4 s, … an hour, each up to a fifth shorter or longer. All twelve: two hours."""
    return min(_FIRST_WAIT_S * 2.0 ** (failures - 1), _LONGEST_WAIT_S) * random.uniform(0.8, 1.2)  # noqa: S311


def describe(error: BaseException) -> str:
    """An error as the ledger keeps it. A database error tells its code only: its text quotes people's data."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
        return f"{type(error).__name__} {code or ''}".strip()
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:500]


def reactions() -> dict[str, Reaction]:
    """Every wired reaction by its kind."""
    return {reaction.kind: reaction for wire in events.wires().values() for reaction in wire.do}


async def burst() -> int:
    """Run everything that is due, here and now, until nothing is left; how many runs that took."""
    runs = 0
    while promises := await leases.due(20):
        for promise in promises:
            runs += await run_job(promise.id, promise.attempt)
    return runs


async def replay(job_id: Id) -> bool:
    """Bring a dead job back with a clean record; False when there is no such dead job (or somebody was quicker)."""
    async with db.system() as session:
        found = await leases.replay_in(session, job_id)
        if found is None:
            return False
        org_id, kind = found
        record(session, JobReplayed(org_id=org_id, id=job_id, kind=kind))
    return True


async def figures() -> list[Figures]:
    """Depth, lag and dead letters of every queue, the empty ones too."""
    found = {figure.queue: figure for figure in await leases.figures()}
    return [found.get(name) or Figures(name, 0, 0, 0, 0, 0.0) for name in sorted({*QUEUES, *found})]
