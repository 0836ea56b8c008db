"""`desk reindex`: fill the search engine outside the database anew, or mend it."""

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
