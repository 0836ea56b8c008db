"""The writer of the fault run: places orders, each again with the same key until its commit is acknowledged."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from pathlib import Path

import uvloop
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core import db
from app.core.base import Scope
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.settings import load
from loadtests.faults import trade

WRITERS = 6
ORGS = [Id(int=n) for n in range(1, 5)]

_KEY = text(
    "insert into idempotency_key (org_id, key, request_hash, status, response) values (:org, :key, '', 201, '')"
)


async def place(org: Id, order: Id) -> bool:
    """One try; True when it is acknowledged, by this commit or by an earlier one whose answer was lost."""
    try:
        async with asyncio.timeout(8), db.unit(Scope(org_id=org)) as session:
            await session.execute(_KEY, {"org": org, "key": str(order)})
            record(session, trade.OrderPlaced(org_id=org, id=order))
    except IntegrityError:
        return True
    return True


async def write(directory: Path, pause_s: float, stop: asyncio.Event, seed: int) -> None:
    chance = random.Random(seed)
    while not stop.is_set():
        org, order = chance.choice(ORGS), new_id()
        _note(directory / "attempted", order)
        while True:
            with contextlib.suppress(Exception):
                await place(org, order)
                _note(directory / "acked", order)
                break
            await asyncio.sleep(0.2)
        await asyncio.sleep(chance.uniform(0, 2 * pause_s))


def _note(path: Path, order: Id) -> None:
    with path.open("a") as file:
        file.write(f"{order}\n")


async def main(seed: int, rate: float) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    trade.wire()
    db.install(db.Database(load(os.environ)))
    directory = Path(os.environ["BENCH_DIR"])
    await asyncio.gather(*(write(directory, WRITERS / rate, stop, seed * 100 + n) for n in range(WRITERS)))
    await db.installed().close()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2])))
