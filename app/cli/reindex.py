"""`desk reindex`: what searches read, written anew from the cars; searches go on meanwhile."""

import asyncio
import json
import sys
import time
from typing import Any

import click
from msgspec import structs

from app import wiring
from app.cli._attach import attached
from app.core import db
from app.core.settings import Settings
from app.search import queries, service


@click.command("reindex")
@click.option("--outside", is_flag=True, help="Only the engine that MEILI_URL names: a new index beside the old one.")
@click.option("--mend", is_flag=True, help="Only what differs there from the cars.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(outside: bool, mend: bool, as_json: bool) -> None:
    """Write the search tables anew and hold them against the cars; fill the engine outside too, where there is one.

    Exit code 1 when the tables still differ.
    """
    with attached() as settings:
        if (outside or mend) and settings.meili_url is None:
            click.echo("MEILI_URL is not set: there is no engine outside the database", err=True)
            sys.exit(2)
        found = asyncio.run(_reindexed(settings, rows=not (outside or mend), mend=mend))
    if as_json:
        click.echo(json.dumps(found))
    else:
        for name, told in found.items():
            click.echo(f"{name}: " + ", ".join(f"{what} {value}" for what, value in told.items()))
    sys.exit(1 if found.get("tables", {}).get("differ") else 0)


async def _reindexed(settings: Settings, *, rows: bool, mend: bool) -> dict[str, dict[str, Any]]:
    wiring.install()
    database = db.Database(settings, statement_s=300)
    db.install(database)
    found: dict[str, dict[str, Any]] = {}
    try:
        if rows:
            found["tables"] = await _tables()
        async with service.connected(settings) as outside:
            if outside is not None:
                started = time.monotonic()
                told = structs.asdict(await service.compare() if mend else await service.refill())
                found["outside"] = {**told, "seconds": round(time.monotonic() - started, 1)}
    finally:
        db.install(None)
        await database.close()
    return found


async def _tables() -> dict[str, Any]:
    rebuilt = await service.rebuild()
    async with db.system() as session:
        there, market = await queries.of_rows(session), await queries.of_cars(session)
        drift = await queries.drift(session)
    told = {"cars": rebuilt.documents, "on the market": there.documents, "checksum": there.checksum}
    differ = {"differ": structs.asdict(drift)} if drift.any or there != market else {}
    return {**told, "seconds": round(rebuilt.seconds, 1), **differ}
