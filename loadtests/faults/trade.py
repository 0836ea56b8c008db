"""What goes on while the faults happen: orders are placed, and each must be served exactly once."""

import asyncio
import os
import random
import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.core import db, events, jobs_ledger
from app.core.events import Fact, Reaction, Wire, record
from app.core.jobs_ledger import Work


class OrderPlaced(Fact, frozen=True, kw_only=True, tag="order.placed"):
    pass


class OrderServed(Fact, frozen=True, kw_only=True, tag="order.served"):
    pass


async def serve_order(work: Work, fact: OrderPlaced) -> None:
    """Prepare in one step, take a while as a vendor would, and serve with the last unit of work."""
    _note_start(work)
    async with work.step() as session:
        await session.execute(_PREPARE, {"org": fact.org_id, "order": fact.id, "pid": os.getpid()})
    await asyncio.sleep(random.expovariate(2.5))
    async with work.unit() as session:
        # No unique constraint: an effect that happened twice must show.
        await session.execute(_SERVE, {"org": fact.org_id, "order": fact.id, "pid": os.getpid()})
        record(session, OrderServed(org_id=fact.org_id, id=fact.id))


_PREPARE = text("insert into prepared (org_id, order_id, pid) values (:org, :order, :pid)")
_SERVE = text("insert into served (org_id, order_id, pid) values (:org, :order, :pid)")


def _note_start(work: Work) -> None:
    """Which process held which job when: what a kill hit is computed from it afterwards."""
    line = f"{time.time():.3f} {os.getpid()} {work.job_id}\n"
    descriptor = os.open(Path(os.environ["BENCH_DIR"]) / "starts", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def wire() -> None:
    events.install(
        {OrderPlaced: Wire(do=(Reaction("leads-sla", serve_order),)), OrderServed: Wire(), **jobs_ledger.WIRES}
    )


async def build(owner_url: str) -> None:
    engine = create_async_engine(db.async_url(owner_url))
    async with engine.begin() as connection:
        for table in ("prepared", "served"):
            await connection.execute(
                text(f"create table {table} (org_id uuid not null, order_id uuid not null, pid int not null)")
            )
            await connection.execute(text(f"grant select, insert on {table} to desk_app, desk_system"))
    await engine.dispose()
