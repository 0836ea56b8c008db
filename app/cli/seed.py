"""`desk seed`: what a desk starts with, and invented stock and leads of any size. Running it again changes nothing."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import click
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from app import wiring
from app.cli._attach import attached
from app.core import db
from app.core.settings import Settings
from app.leads.service.demo import seed as demo_leads
from app.leads.service.synthetic import fill as synthetic_leads
from app.listings.service import fill as synthetic_stock
from app.listings.service import seed as demo_stock
from app.orgs.service import default_admin
from app.orgs.service import seed as demo_accounts
from app.sla.service.demo import seed as demo_answer_times
from app.taxonomy.service import seed as seed_places
from app.taxonomy.service import seed_categories
from app.vehicles.service import seed as seed_vehicles

Step = Callable[[Settings], Awaitable[str]]


class Fill(Protocol):
    """Makes what is missing of `count`, tells of progress, returns how many were new."""

    async def __call__(self, count: int, *, told: Callable[[int], None]) -> int: ...


async def catalogue(_settings: Settings) -> str:
    """Places, vehicles and categories: reference data, the same everywhere."""
    async with db.system() as session:
        places, vehicles = await seed_places(session), await seed_vehicles(session)
        asked = await seed_categories(session)
    made = f"{places} places, {vehicles} makes, models and trims, {asked} categories and what they ask"
    return f"catalogue: {made} new or corrected"


# In this order. A step makes what is missing, leaves the rest alone and says in a few words what it made.
STEPS: tuple[Step, ...] = (catalogue, demo_accounts, default_admin, demo_stock, demo_answer_times, demo_leads)


@click.command("seed")
@click.option("--listings", type=click.IntRange(0, 2_000_000), default=0, help="This many invented cars, live.")
@click.option("--leads", type=click.IntRange(0, 1_000_000), default=0, help="This many invented leads about live cars.")
def command(listings: int, leads: int) -> None:
    """Fill in the vehicle catalogue and cities and, with DESK_DEMO=1, the demo accounts, stock and leads."""
    with attached() as settings:
        for said in asyncio.run(seed_all(settings, listings=listings, leads=leads)):
            click.echo(said)


async def seed_all(settings: Settings, *, listings: int = 0, leads: int = 0) -> list[str]:
    """Every step in its order; what each said."""
    wiring.install()
    database = db.Database(settings, statement_s=60)
    db.install(database)
    try:
        said = [await step(settings) for step in STEPS]
        for name, fill, count in (("cars", synthetic_stock, listings), ("leads", synthetic_leads, leads)):
            if count:
                said.append(await _invented(name, fill, count))
        return said
    finally:
        db.install(None)
        await database.close()


async def _invented(name: str, fill: Fill, count: int) -> str:
    """Progress and rate on a terminal, none in a pipe."""
    started = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(name, total=count)
        new = await fill(count, told=lambda done: progress.advance(task, done))
    return f"synthetic {name}: {new} new of {count} in {time.monotonic() - started:.1f} s"
