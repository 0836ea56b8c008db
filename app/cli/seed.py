"""`desk seed`: the data a desk starts with. Running it again changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from app import wiring
from app.cli._attach import attached
from app.core import db
from app.core.settings import Settings
from app.orgs.service import default_admin
from app.orgs.service import seed as demo_accounts
from app.taxonomy.service import seed as seed_places
from app.vehicles.service import seed as seed_vehicles

Step = Callable[[Settings], Awaitable[str]]


async def catalogue(_settings: Settings) -> str:
    """Places and vehicles: reference data, the same everywhere."""
    async with db.system() as session:
        places, vehicles = await seed_places(session), await seed_vehicles(session)
    return f"catalogue: {places} places, {vehicles} makes, models and trims new or corrected"


# In this order. A step makes what is missing, leaves the rest alone and says in a few words what it made.
STEPS: tuple[Step, ...] = (catalogue, demo_accounts, default_admin)


@click.command("seed")
def command() -> None:
    """Fill in the vehicle catalogue and cities and, with DESK_DEMO=1, the demo accounts."""
    with attached() as settings:
        for said in asyncio.run(seed_all(settings)):
            click.echo(said)


async def seed_all(settings: Settings) -> list[str]:
    """Every step in its order; what each said."""
    wiring.install()
    database = db.Database(settings)
    db.install(database)
    try:
        return [await step(settings) for step in STEPS]
    finally:
        db.install(None)
        await database.close()
