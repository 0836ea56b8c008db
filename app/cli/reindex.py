"""`desk reindex`: what searches read, written anew from the cars; searches go on meanwhile."""

import asyncio
import sys

import click

from app import wiring
from app.cli._attach import attached
from app.core import db
from app.core.settings import Settings
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
