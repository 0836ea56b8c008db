<<<<<<< HEAD
"""`desk reindex`: fill the search engine outside the database anew, or mend it."""

import asyncio
import json
import sys
import time
from typing import Any

import click
from msgspec import structs
=======
"""`desk reindex`: what searches read, written anew from the cars; searches go on meanwhile."""

import asyncio
import sys

import click
>>>>>>> engine

from app import wiring
from app.cli._attach import attached
from app.core import db
from app.core.settings import Settings
<<<<<<< HEAD
from app.search import service


@click.command("reindex")
@click.option("--mend", is_flag=True, help="Compare with the cars and bring only what differs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(mend: bool, as_json: bool) -> None:
    """Fill a new index beside the one that answers and let them change places; nothing is down meanwhile."""
    with attached() as settings:
        if settings.meili_url is None:
            click.echo("MEILI_URL is not set: PostgreSQL searches, its rows are written with the cars", err=True)
            sys.exit(2)
        started = time.monotonic()
        found = asyncio.run(_reindex(settings, mend=mend))
        found["seconds"] = round(time.monotonic() - started, 1)
    said = "{brought} brought, {taken} taken away" if mend else "{documents} cars in {generation}"
    click.echo(json.dumps(found) if as_json else f"{said.format(**found)}, {found['seconds']} s")


async def _reindex(settings: Settings, *, mend: bool) -> dict[str, Any]:
    wiring.install()
    database = db.Database(settings, statement_s=600)
    db.install(database)
    try:
        async with service.connected(settings):
            return structs.asdict(await service.compare() if mend else await service.rebuild())
    finally:
        await database.close()
=======
from app.search import queries, service


@click.command("reindex")
def command() -> None:
    """Write the search tables anew and hold them against the cars. Exit code 1 when they still differ."""
    with attached() as settings:
        said, drifts = asyncio.run(_reindexed(settings))
    click.echo(said)
    sys.exit(1 if drifts else 0)


async def _reindexed(settings: Settings) -> tuple[str, bool]:
    wiring.install()
    database = db.Database(settings, statement_s=300)
    db.install(database)
    try:
        rebuilt = await service.rebuild()
        async with db.system() as session:
            found, market = await queries.of_rows(session), await queries.of_cars(session)
            drift = await queries.drift(session)
    finally:
        db.install(None)
        await database.close()
    said = (
        f"{rebuilt.documents} cars in {rebuilt.seconds} s; {found.documents} on the market, checksum {found.checksum}"
    )
    differs = drift.any or found != market
    return (f"{said}; {drift}" if differs else said), differs
>>>>>>> engine
