"""What goes on while the faults happen: leads come in over the API, a job serves each once, every screen shows it.

All that the run knows of the trade is in this file. The leads, their API, their facts and what follows from those are
the product's own; ours are the job whose effect is counted, and a list that shows each lead with that count.
"""

import asyncio
import os
import random
import time
from pathlib import Path

import httpx
from jinja2 import ChoiceLoader, DictLoader
from litestar import Litestar, MediaType, get
from msgspec import Struct, structs
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app import wiring
from app.core import db, events, feeds, live, templating, timers
from app.core.asks import WithDb
from app.core.base import Db
from app.core.events import Fact, Reaction, Wire, record
from app.core.ids import Id
from app.core.jobs_ledger import Work
from app.core.live import Push, TopicKind
from app.leads.facts import LeadOpened
from loadtests.faults.world import Person

TOPIC = "bench:org"


class LeadServed(Fact, frozen=True, kw_only=True, tag="bench.served"):
    """`id` is the lead's."""


# -- what the writer and the pages ask for


async def place(http: httpx.AsyncClient, base_url: str, person: Person, key: Id) -> httpx.Response:
    """One try of opening a lead: somebody nobody has met walks in. Any 2xx acknowledges it."""
    number = key.int % 100_000_000
    return await http.post(
        f"{base_url}/api/v1/leads",
        json={
            "name": "Ahsan Raza",
            "phone": f"+9230{number:08d}",
            "message": "Is it still there?",
            "source": "walk_in",
            "branch_id": str(person.branch_id),
        },
        headers={"Authorization": f"Bearer {person.token}", "Idempotency-Key": str(key)},
    )


def placed(answer: httpx.Response) -> str:
    """Id of the lead that was acknowledged."""
    return str(answer.json()["id"])


async def fetch(http: httpx.AsyncClient, base_url: str, token: str) -> tuple[str, str]:
    """The region of the list: its position and its HTML."""
    answer = await http.get(f"{base_url}/bench/leads", headers={"Authorization": f"Bearer {token}"})
    answer.raise_for_status()
    at, _, html = answer.text.partition("\n")
    return at, html


# -- what the web process serves beside everything of the product


@get("/bench/leads", access="person", media_type=MediaType.HTML)
async def show_leads(db: WithDb) -> str:
    at = await feeds.position(db)
    leads = (await db.execute(_LEADS, {"org": db.scope.org_id})).mappings()
    return f"{at}\n" + "".join(_ROW.format(**lead) for lead in leads)


async def lead_changed(session: Db, fact: Fact) -> list[Push]:
    lead = (await session.execute(_LEAD, {"org": fact.org_id, "lead": fact.id})).mappings().one()
    return [Push(topic=TOPIC, target="leads", fragment="bench/_lead.html", context={"lead": dict(lead)})]


def add_to(app: Litestar) -> None:
    app.register(show_leads)
    fragment = _ROW.format(id="{{ lead.id }}", served="{{ lead.served }}")
    for lang in ("en", "ur"):
        env = templating.environment_of(lang)
        env.loader = ChoiceLoader([DictLoader({"bench/_lead.html": fragment}), env.loader])  # type: ignore[list-item]


# -- what the workers do beside everything of the product


async def serve_lead(work: Work, fact: LeadOpened) -> None:
    """Prepare in one step, take a while as a vendor would, and serve with the last unit of work."""
    _note_start(work)
    async with work.step() as session:
        await session.execute(_PREPARE, {"org": fact.org_id, "lead": fact.id, "pid": os.getpid()})
    await asyncio.sleep(random.expovariate(2.5))
    async with work.unit() as session:
        # No unique constraint: an effect that happened twice must show.
        await session.execute(_SERVE, {"org": fact.org_id, "lead": fact.id, "pid": os.getpid()})
        record(session, LeadServed(org_id=fact.org_id, id=fact.id))


def _note_start(work: Work) -> None:
    """Which process held which job when: what a kill hit is computed from it afterwards."""
    line = f"{time.time():.3f} {os.getpid()} {work.job_id}\n"
    descriptor = os.open(Path(os.environ["BENCH_DIR"]) / "starts", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


# -- wiring, tables, and what the verdict asks


def wire() -> None:
    """The product's wiring with ours added."""
    opened = wiring.TABLE[LeadOpened]
    table: dict[type[Fact], Wire] = {
        **wiring.TABLE,
        LeadOpened: structs.replace(
            opened, show=(*opened.show, lead_changed), do=(*opened.do, Reaction("leads-sla", serve_lead))
        ),
        LeadServed: Wire(show=(lead_changed,)),
    }
    events.install(table)
    listening = TopicKind(name="bench", log=True, may=lambda _who, key: key == "org", region="/bench/leads")
    live.install((*wiring.TOPICS, listening))
    timers.install(wiring.TIMERS)


async def build(owner_url: str) -> None:
    engine = create_async_engine(db.async_url(owner_url))
    async with engine.begin() as connection:
        for table in ("prepared", "served"):
            await connection.execute(
                text(f"create table {table} (org_id uuid not null, lead_id uuid not null, pid int not null)")
            )
            await connection.execute(text(f"create index on {table} (lead_id)"))
            await connection.execute(text(f"grant select, insert on {table} to desk_app, desk_system"))
    await engine.dispose()


_PREPARE = text("insert into prepared (org_id, lead_id, pid) values (:org, :lead, :pid)")
_SERVE = text("insert into served (org_id, lead_id, pid) values (:org, :lead, :pid)")
_SHOWN = "select id, (select count(*) from served where lead_id = lead.id) as served from lead where org_id = :org"
_LEAD = text(f"{_SHOWN} and id = :lead")
_LEADS = text(f"{_SHOWN} order by id desc")
_ROW = '<li id="lead-{id}"><b>{served}</b></li>'


class Queries(Struct, frozen=True):
    """Each in plain SQL, over ids of what was traded."""

    placed: str = "select id from lead where ref not like 'alarm-%'"
    done: str = "select lead_id from served"
    done_count: str = "select count(*) from served"
    rows: str = (
        "select id, (select count(*) from served where lead_id = lead.id)::text as words from lead where org_id = $1"
    )
    placed_tag: str = "lead.opened"
    done_tag: str = "bench.served"
    job: str = "serve_lead"


QUERIES = Queries()
