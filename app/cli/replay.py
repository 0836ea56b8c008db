"""`desk replay JOB`: give a dead job another life."""

import asyncio
import json
import sys
from uuid import UUID

import click

from app import wiring
from app.cli._attach import attached
from app.core import db, jobs_ledger
from app.core.settings import Settings


@click.command("replay")
@click.argument("job", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {job, replayed}.")
def command(job: UUID, as_json: bool) -> None:
    """Bring the dead letter JOB back; the worker runs it at once. Code 1 when there is no such dead letter."""
    with attached() as settings:
        replayed = asyncio.run(_replay(settings, job))
    if as_json:
        click.echo(json.dumps({"job": str(job), "replayed": replayed}))
    else:
        click.echo(f"job {job} runs again" if replayed else f"job {job} is not a dead letter")
    sys.exit(0 if replayed else 1)


async def _replay(settings: Settings, job: UUID) -> bool:
    wiring.install()
    database = db.Database(settings)
    db.install(database)
    try:
        return await jobs_ledger.replay(job)
    finally:
        await database.close()
