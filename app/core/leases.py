"""SQL of the job ledger: who holds a job, until when, and what became of it. The clock is the database's."""
# ruff: noqa: S608 - statements are put together from the constants of this file

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct
from sqlalchemy import CursorResult, text

from app.core import db, roll
from app.core.base import Db
from app.core.ids import Id
from app.core.pool import Silent

LEASE_S = 10
HEARTBEAT_S = 3
_ANSWER_S = 5
POISON = 5
"""Crashes of one job after which it is not tried again."""

_OPEN = "done_at is null and dead_at is null"
_MINE = f"id = :id and lease_token = :token and {_OPEN}"
_FRESH = f"clock_timestamp() + interval '{LEASE_S} seconds'"
# From the third crash on a job waits a while of its own after the lease: a poisonous one then crashes alone, not
# together with the innocent jobs that its worker held.
_FREE = (
    "(lease_until is null or lease_until + make_interval(secs => case when crashes < 3 then 0 "
    "else mod(abs(hashtext(id::text || attempt)), 15) end) <= statement_timestamp())"
)
# Its worker has died: nobody waits for the lease, but for a job that has killed its workers already.
_ORPHAN = "(holder is not null and lease_token is not null and crashes < 2)"


class Promise(Struct, frozen=True):
    """A job somebody could run now; `attempt` names this chance to run it."""

    id: Id
    queue: str
    attempt: int


class Claimed(Struct, frozen=True):
    """A job this process holds."""

    id: Id
    org_id: Id
    queue: str
    kind: str
    args: dict[str, Any]
    failures: int
    crashes: int
    trace: str | None


class Figures(Struct, frozen=True):
    """One queue at a glance: due and unheld, due later, held now, dead; `lag_s` is the oldest due one's wait."""

    queue: str
    due: int
    later: int
    held: int
    dead: int
    lag_s: float


_JOB = "id, org_id, queue, kind, args, failures, crashes, trace"

# A loose index scan finds the places (queue, org) that have open jobs; each gives its oldest few, and the orgs of a
# queue take turns: one org with a hundred thousand jobs delays nobody else.
_DUE = text(f"""
with recursive place as (
  (select queue, org_id from job where {_OPEN} order by queue, org_id limit 1)
  union all
  select next.queue, next.org_id from place cross join lateral (
    select queue, org_id from job where {_OPEN} and (queue, org_id) > (place.queue, place.org_id)
    order by queue, org_id limit 1) next
), candidate as (
  select found.*, row_number() over (partition by found.queue, place.org_id order by found.run_at) as turn
  from place cross join lateral (
    select id, queue, attempt, run_at from job
    where queue = place.queue and org_id = place.org_id and {_OPEN} and run_at <= statement_timestamp()
      and ({_FREE} or ({_ORPHAN} and holder not in ({roll.HOLDERS})))
    order by run_at limit :each) found
), ranked as (
  select *, row_number() over (partition by queue order by turn, run_at) as rank from candidate
)
select id, queue, attempt from ranked where rank <= :each order by rank, run_at
""")

_CLAIM = text(f"""
update job set attempt = attempt + 1, crashes = crashes + (lease_token is not null)::int,
  lease_token = :token, lease_until = {_FRESH}, holder = :holder
where id = (
  select id from job
  where id = :id and attempt = :attempt and {_OPEN} and run_at <= statement_timestamp() and {_FREE}
  for update skip locked)
returning {_JOB}
""")

# The look at the roll comes after the look at the job: whoever holds it was on the roll before.
_LEFT = text(f"select lease_token, holder from job where id = :id and attempt = :attempt and {_OPEN} and {_ORPHAN}")
_ALIVE = text(f"select :holder in ({roll.HOLDERS})")
_SEIZE = text(f"""
update job set attempt = attempt + 1, crashes = crashes + 1, lease_token = :token, lease_until = {_FRESH},
  holder = :holder
where id = :id and attempt = :attempt and lease_token = :lost and {_OPEN} and run_at <= statement_timestamp()
returning {_JOB}
""")

_KEEP = text(f"update job set lease_until = {_FRESH} where {_MINE} and lease_until > clock_timestamp()")
# A step that is written is progress: however often its workers are killed, such a job is no poison.
_STEP = text(f"update job set lease_until = {_FRESH}, crashes = 0 where {_MINE} and lease_until > clock_timestamp()")
_DONE = text(
    f"update job set done_at = clock_timestamp(), last_error = null where {_MINE} and lease_until > clock_timestamp()"
)
_RELEASE = text(
    "update job set lease_token = null, lease_until = null, run_at = clock_timestamp() + make_interval(secs => :after) "
    f"where {_MINE}"
)
_FAIL = text(
    "update job set lease_token = null, lease_until = null, failures = failures + 1, last_error = :error, "
    f"run_at = clock_timestamp() + make_interval(secs => :after) where {_MINE}"
)
_BURY = text(
    "update job set lease_token = null, lease_until = null, failures = failures + :failed, last_error = :error, "
    f"dead_at = clock_timestamp() where {_MINE}"
)
_REPLAY = text(
    "update job set dead_at = null, failures = 0, crashes = 0, run_at = clock_timestamp(), lease_token = null, "
    "lease_until = null where id = :id and dead_at is not null returning org_id, kind"
)
_FIGURES = text(f"""
select queue,
  count(*) filter (where dead_at is null and run_at <= statement_timestamp() and {_FREE}) as due,
  count(*) filter (where dead_at is null and run_at > statement_timestamp() and {_FREE}) as later,
  count(*) filter (where dead_at is null and not {_FREE}) as held,
  count(*) filter (where dead_at is not null) as dead,
  coalesce(extract(epoch from statement_timestamp() - min(run_at) filter (
    where dead_at is null and run_at <= statement_timestamp() and {_FREE})), 0)::float as lag_s
from job where done_at is null group by queue order by queue
""")


@asynccontextmanager
async def _ledger() -> AsyncIterator[Db]:
    """A lease is over long before a job's own statements are: a ledger that does not answer by then is away.

    Raises Silent.
    """
    try:
        async with asyncio.timeout(_ANSWER_S), db.system() as session:
            yield session
    except TimeoutError as late:
        raise Silent("the job ledger does not answer") from late


async def due(each: int) -> list[Promise]:
    """What may run now: at most `each` jobs of every queue, its orgs taking turns, the oldest first."""
    async with _ledger() as session:
        return [Promise(*row) for row in await session.execute(_DUE, {"each": each})]


async def claim(job_id: Id, attempt: int, token: Id) -> Claimed | None:
    """Take the lease; None when that chance is gone: run already, held by one that lives, not due, finished or dead."""
    mine = {"id": job_id, "attempt": attempt, "token": token, "holder": roll.present()}
    async with _ledger() as session:
        row = (await session.execute(_CLAIM, mine)).one_or_none() or await _seized(session, mine)
    return None if row is None else Claimed(*row)


async def _seized(session: Db, mine: dict[str, Any]) -> Any:
    """The job of a worker that has died."""
    left = (await session.execute(_LEFT, {"id": mine["id"], "attempt": mine["attempt"]})).one_or_none()
    if left is None or (await session.execute(_ALIVE, {"holder": left.holder})).scalar_one():
        return None
    return (await session.execute(_SEIZE, {**mine, "lost": left.lease_token})).one_or_none()


async def keep(job_id: Id, token: Id) -> bool:
    """Renew the lease; False when it is no longer ours."""
    async with _ledger() as session:
        return await _hit(session, _KEEP, {"id": job_id, "token": token})


async def keep_in(session: Db, job_id: Id, token: Id) -> bool:
    """The fence of a step, inside its own transaction: renew the lease and hold the row until COMMIT."""
    return await _hit(session, _STEP, {"id": job_id, "token": token})


async def done_in(session: Db, job_id: Id, token: Id) -> bool:
    """The fence of the last step: mark the job done in the effect's own transaction; False when it is not ours."""
    return await _hit(session, _DONE, {"id": job_id, "token": token})


async def done(job_id: Id, token: Id) -> bool:
    async with _ledger() as session:
        return await done_in(session, job_id, token)


async def release(job_id: Id, token: Id, *, after_s: float = 0) -> bool:
    """Give the job back unharmed, to run again after `after_s`."""
    async with _ledger() as session:
        return await _hit(session, _RELEASE, {"id": job_id, "token": token, "after": after_s})


async def fail(job_id: Id, token: Id, *, error: str, after_s: float) -> bool:
    async with _ledger() as session:
        return await _hit(session, _FAIL, {"id": job_id, "token": token, "error": error, "after": after_s})


async def bury(job_id: Id, token: Id, *, error: str, failed: bool) -> bool:
    """Move to the dead letters, where it waits for a replay."""
    async with _ledger() as session:
        return await _hit(session, _BURY, {"id": job_id, "token": token, "error": error, "failed": int(failed)})


async def replay_in(session: Db, job_id: Id) -> tuple[Id, str] | None:
    """Bring a dead job back; its org and kind, or None when it is not dead."""
    row = (await session.execute(_REPLAY, {"id": job_id})).one_or_none()
    return None if row is None else (row.org_id, row.kind)


async def figures() -> list[Figures]:
    async with _ledger() as session:
        return [Figures(*row) for row in await session.execute(_FIGURES)]


async def _hit(session: Db, statement: Any, values: dict[str, Any]) -> bool:
    result: CursorResult[Any] = await session.execute(statement, values)  # type: ignore[assignment]
    return result.rowcount == 1
