"""What goes on while the faults happen: orders are placed over HTTP, served once by a job, and seen on every screen.

All that the run knows of the trade is in this file: `wire`, `build`, `add_to`, `place`, `fetch`, `QUERIES`. A run over
another trade of the product replaces it and nothing else.
"""

import asyncio
import os
import random
import time
from pathlib import Path
from typing import Any

import httpx
from jinja2 import ChoiceLoader, DictLoader
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.params import JSONBody
from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app import wiring
from app.core import db, events, feeds, live, templating
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.events import Fact, Reaction, Wire, record
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.core.jobs_ledger import Work
from app.core.live import Push, TopicKind

TOPIC = "orders:org"


class OrderPlaced(Fact, frozen=True, kw_only=True, tag="order.placed"):
    pass


class OrderServed(Fact, frozen=True, kw_only=True, tag="order.served"):
    pass


class OrderForm(Struct, frozen=True, forbid_unknown_fields=True):
    id: Id


# -- what the writer and the pages ask for


async def place(http: httpx.AsyncClient, base_url: str, token: str, order: Id) -> httpx.Response:
    """One try of placing an order; any 2xx acknowledges it."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(order)}
    return await http.post(f"{base_url}/bench/orders", json={"id": str(order)}, headers=headers)


async def fetch(http: httpx.AsyncClient, base_url: str, token: str) -> tuple[str, str]:
    """The region of the orders: its position and its HTML."""
    answer = await http.get(f"{base_url}/bench/orders", headers={"Authorization": f"Bearer {token}"})
    answer.raise_for_status()
    at, _, html = answer.text.partition("\n")
    return at, html


# -- what the web process serves


@post("/bench/orders", access="person")
async def create_order(
    db: WithDb, data: JSONBody[OrderForm], who: Who, request: Request[Any, Any, Any]
) -> Response[bytes]:
    async def make() -> dict[str, Id]:
        # No unique constraint: an effect that happened twice must show.
        await db.execute(_PLACE, {"org": who.org_id, "order": data.id})
        record(db, OrderPlaced(org_id=who.org_id, id=data.id))
        return {"id": data.id}

    return await once(db, keyed(request, data), make)


@get("/bench/orders", access="person", media_type=MediaType.HTML)
async def show_orders(db: WithDb) -> str:
    at = await feeds.position(db)
    orders = (await db.execute(_ORDERS, {"org": db.scope.org_id})).mappings()
    return f"{at}\n" + "".join(_ROW.format(**order) for order in orders)


async def order_changed(session: Db, fact: Fact) -> list[Push]:
    order = (await session.execute(_ORDER, {"org": fact.org_id, "order": fact.id})).mappings().one()
    return [Push(topic=TOPIC, target="orders", fragment="bench/_order.html", context={"order": dict(order)})]


def add_to(app: Litestar) -> None:
    """The routes and the fragment, beside all of the product's own."""
    app.register(create_order)
    app.register(show_orders)
    fragment = _ROW.format(number="{{ order.number }}", id="{{ order.id }}", served="{{ order.served }}")
    for lang in ("en", "ur"):
        env = templating.environment(lang)  # type: ignore[arg-type]
        env.loader = ChoiceLoader([DictLoader({"bench/_order.html": fragment}), env.loader])  # type: ignore[list-item]


# -- what the workers do


async def serve_order(work: Work, fact: OrderPlaced) -> None:
    """Prepare in one step, take a while as a vendor would, and serve with the last unit of work."""
    _note_start(work)
    async with work.step() as session:
        await session.execute(_PREPARE, {"org": fact.org_id, "order": fact.id, "pid": os.getpid()})
    await asyncio.sleep(random.expovariate(2.5))
    async with work.unit() as session:
        await session.execute(_SERVE, {"org": fact.org_id, "order": fact.id, "pid": os.getpid()})
        record(session, OrderServed(org_id=fact.org_id, id=fact.id))


def _note_start(work: Work) -> None:
    """Which process held which job when: what a kill hit is computed from it afterwards."""
    line = f"{time.time():.3f} {os.getpid()} {work.job_id}\n"
    descriptor = os.open(Path(os.environ["BENCH_DIR"]) / "starts", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


# -- wiring, tables, and what the verdict asks


def wire() -> None:
    """The product's wiring with ours beside it."""
    events.install({
        **wiring.TABLE,
        OrderPlaced: Wire(show=(order_changed,), do=(Reaction("leads-sla", serve_order),)),
        OrderServed: Wire(show=(order_changed,)),
    })  # fmt: skip
    listening = TopicKind(name="orders", log=True, may=lambda _who, key: key == "org", region="/bench/orders")
    live.install((*wiring.TOPICS, listening))


async def build(owner_url: str) -> None:
    engine = create_async_engine(db.async_url(owner_url))
    async with engine.begin() as connection:
        for table in ("placed", "prepared", "served"):
            await connection.execute(
                text(
                    f"create table {table} (number bigint generated always as identity, org_id uuid not null, "
                    "order_id uuid not null, pid int)"
                )
            )
            await connection.execute(text(f"create index on {table} (order_id)"))
            await connection.execute(text(f"grant select, insert on {table} to desk_app, desk_system"))
    await engine.dispose()


_PLACE = text("insert into placed (org_id, order_id) values (:org, :order)")
_PREPARE = text("insert into prepared (org_id, order_id, pid) values (:org, :order, :pid)")
_SERVE = text("insert into served (org_id, order_id, pid) values (:org, :order, :pid)")
_SHOWN = (
    "select order_id as id, min(number) as number, "
    "(select count(*) from served where served.order_id = placed.order_id) as served from placed where org_id = :org"
)
_ORDER = text(f"{_SHOWN} and order_id = :order group by order_id")
_ORDERS = text(f"{_SHOWN} group by order_id order by number desc")
_ROW = '<li id="order-{id}" data-k="{number}"><b>{served}</b></li>'


class Queries(Struct, frozen=True):
    """Each in plain SQL, over ids of what was traded (orders)."""

    placed: str = "select order_id from placed"
    done: str = "select order_id from served"
    done_count: str = "select count(*) from served"
    rows: str = (
        "select order_id as id, (select count(*) from served where served.order_id = placed.order_id)::text as words "
        "from placed where org_id = $1"
    )
    placed_tag: str = "order.placed"
    done_tag: str = "order.served"
    job: str = "%serve_order"


QUERIES = Queries()
