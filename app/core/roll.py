"""Which workers live: each holds a lock in PostgreSQL that goes with its process, so that its death shows at once.

A lease says it ten seconds later, and stays the rule: whoever holds no such lock, or works through a pooler that would
keep it beyond the process, is waited for as long as its lease lasts.
"""

import asyncio
import secrets
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core import db
from app.core.supervised import Loop

_CLASS = 0x6A6F62
"""The first half of the locks' keys: "job"."""
_LOOK_S = 1.0
_OURS = f"locktype = 'advisory' and classid = {_CLASS} and objsubid = 2 and granted"
_HERE = "(select oid from pg_database where datname = current_database())"
HOLDERS = f"select objid::bigint from pg_locks where {_OURS} and database = {_HERE}"  # noqa: S608
"""SQL: the numbers of all workers of this database that live."""
_TAKE = text(f"select pg_try_advisory_lock({_CLASS}, :holder)")
_HELD = text(f"select exists(select from pg_locks where {_OURS} and objid = :holder and pid = pg_backend_pid())")  # noqa: S608

_here: list[int] = []


def present() -> int | None:
    """The number that this process holds at the moment; jobs are claimed under it."""
    return _here[-1] if _here else None


class Roll:
    """Keeps this worker on the roll; one that lost its line comes back under another number."""

    def __init__(self) -> None:
        self._loop = Loop("roll", self._stay)
        self._joined = asyncio.Event()

    async def start(self, patience_s: float = 2.0) -> None:
        """On the roll when it returns, if PostgreSQL answers in time."""
        self._loop.start()
        try:
            async with asyncio.timeout(patience_s):
                await self._joined.wait()
        except TimeoutError:
            return

    async def stop(self) -> None:
        await self._loop.stop()

    async def _stay(self, loop: Loop) -> None:
        holder = 1 + secrets.randbelow(2**31 - 1)
        async with db.installed().system.connect() as pooled:
            line = await pooled.execution_options(isolation_level="AUTOCOMMIT")
            try:
                if await _yes(line, _TAKE, holder) and await _yes(line, _HELD, holder):
                    _here.append(holder)
                    self._joined.set()
                    while await _yes(line, _HELD, holder):
                        loop.beat()
                        await asyncio.sleep(_LOOK_S)
            finally:
                if holder in _here:
                    _here.remove(holder)
                await line.invalidate()  # the lock goes with the connection, not back into the pool
        loop.beat()  # a pooler's line holds nothing: the worker is well, only its death would not show at once
        await asyncio.sleep(_LOOK_S)


async def _yes(line: AsyncConnection, question: Any, holder: int) -> bool:
    return bool((await line.execute(question, {"holder": holder})).scalar_one())
