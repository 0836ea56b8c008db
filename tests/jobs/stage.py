"""A small trade for the job tests: orders are placed, each must be served once. Reactions are chosen per test."""

from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.core import db, events, jobs_ledger
from app.core.base import Scope
from app.core.events import Fact, Reaction, Wire, record
from app.core.ids import Id, new_id
from app.core.jobs_ledger import Work
from app.core.settings import Settings


class OrderPlaced(Fact, frozen=True, kw_only=True, tag="order.placed"):
    pass


class OrderServed(Fact, frozen=True, kw_only=True, tag="order.served"):
    pass


Act = Callable[[Work, OrderPlaced], Awaitable[None]]


class Stage:
    """What `serve_order` does is `act`, so that a test can change it between runs."""

    def __init__(self) -> None:
        self.act: Act = self.serve
        self.runs = 0

    async def serve(self, work: Work, fact: OrderPlaced) -> None:
        async with work.unit() as session:
            await session.execute(SERVE, {"org": fact.org_id, "order": fact.id})
            record(session, OrderServed(org_id=fact.org_id, id=fact.id))


stage = Stage()

SERVE = text("insert into served (org_id, order_id) values (:org, :order)")


async def serve_order(work: Work, fact: OrderPlaced) -> None:
    stage.runs += 1
    await stage.act(work, fact)


def table(*queues: str) -> events.Table:
    return {
        OrderPlaced: Wire(do=tuple(Reaction(queue, serve_order) for queue in queues or ("default",))),
        OrderServed: Wire(),
        **jobs_ledger.WIRES,
    }


async def build(settings: Settings) -> None:
    """No unique constraint on purpose: a second effect must show."""
    engine = create_async_engine(db.async_url(settings.database_owner_url or ""))
    async with engine.begin() as connection:
        await connection.execute(
            text("create table served (org_id uuid not null, order_id uuid not null, by_pid int default 0)")
        )
        await connection.execute(text("grant select, insert on served to desk_app, desk_system"))
    await engine.dispose()


async def place(org: Id, *, n: int = 1) -> list[Id]:
    orders = [new_id() for _ in range(n)]
    async with db.unit(Scope(org_id=org)) as session:
        for order in orders:
            record(session, OrderPlaced(org_id=org, id=order))
    return orders


async def served() -> list[Id]:
    async with db.system() as session:
        return list((await session.execute(text("select order_id from served order by 1"))).scalars())


async def job() -> dict[str, object]:
    """The only job there is, as a row."""
    async with db.system() as session:
        row = (await session.execute(text("select * from job"))).one()
    return dict(row._mapping)


async def tweak(assignments: str) -> None:
    """Change every job behind the ledger's back: time passes, a worker dies."""
    async with db.system() as session:
        await session.execute(text(f"update job set {assignments}"))  # noqa: S608 - by tests
