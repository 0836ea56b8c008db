"""`desk import`: a sheet into the stock of an org, by the same path as the screen."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app import wiring
from app.cli._attach import attached
from app.core import db as database
from app.core import jobs_ledger
from app.core.base import Scope
from app.core.embedded.errors import CannotStart
from app.core.errors import Refused
from app.core.ids import Id
from app.core.security import Principal
from app.core.settings import Settings
from app.feeds import intake, queries, service
from app.feeds.schemas import RunCard, RunForm
from app.orgs import queries as orgs

_POLL_S = 0.2
_PATIENCE_S = 3.0
_OVER = ("done", "failed", "stopped", "held")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--org", "org_slug", required=True, help="Short name of the dealer.")
@click.option("--branch", help="Short name of the branch where the cars stand; the first one where it is left out.")
@click.option("--dry-run", is_flag=True, help="Count what would change and write no stock.")
def command(file: Path, org_slug: str, branch: str | None, *, dry_run: bool) -> None:
    """Take the cars of FILE (CSV, TSV, XLSX, XML or JSON) into an org's stock. Nothing is taken away."""
    with attached() as settings:
        run = asyncio.run(_import(settings, file, org_slug, branch, dry_run=dry_run))
        if run.state != "done":
            raise CannotStart(f"the import ended as {run.state}: {run.why or 'no reason given'} (run {run.id})")
        click.echo(msgspec.json.encode(_said(run)).decode())


async def _import(settings: Settings, file: Path, org_slug: str, branch: str | None, *, dry_run: bool) -> RunCard:
    """Raises CannotStart where the sheet, the org or the branch will not do."""
    wiring.install()
    installed = database.Database(settings, statement_s=60)
    database.install(installed)
    try:
        who = await _owner(org_slug)
        kept, looked = await intake.take_in_path(who.org_id, file, file.name)
        async with database.unit(Scope(org_id=who.org_id, actor_id=who.person_id)) as db:
            file_id = await service.keep_file(db, who, kept, looked)
            form = RunForm(dry_run=dry_run, branch=branch, full_stock=False)
            run_id = await service.start_run(db, who, file_id, form)
        return await _watched(who.org_id, run_id)
    except Refused as refusal:
        told = [f"{one['field']}: {one['message']}" for one in refusal.extra.get("errors", ())]
        raise CannotStart("; ".join([refusal.says, *told])) from refusal
    finally:
        database.install(None)
        await installed.close()


async def _owner(org_slug: str) -> Principal:
    org_id = await orgs.org_id_of(org_slug)
    who = await orgs.head_of(org_id) if org_id else None
    if who is None:
        raise CannotStart(f"there is no org {org_slug}")
    return who


async def _watched(org_id: Id, run_id: Id) -> RunCard:
    """Until it is over. Where no worker takes it on soon, this process does."""
    loop = asyncio.get_running_loop()
    asked_at, helper = loop.time(), None
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    try:
        with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as progress:
            task = progress.add_task("rows", total=None, rate="")
            while True:
                async with database.unit(Scope(org_id=org_id), read=True) as db:
                    run = await queries.run_card(db, run_id)
                rate = f"{run.read:,} of {run.total or 0:,}, {run.rate or 0:,} a second"
                progress.update(task, total=run.total, completed=run.read, rate=rate)
                if run.state in _OVER:
                    return run
                if run.state == "waiting" and helper is None and loop.time() - asked_at > _PATIENCE_S:
                    helper = asyncio.create_task(jobs_ledger.burst())
                await asyncio.sleep(_POLL_S)
    finally:
        if helper is not None:
            await asyncio.gather(helper, return_exceptions=True)


def _said(run: RunCard) -> dict[str, Any]:
    names = ("read", "created", "updated", "unchanged", "skipped", "rejected", "doubted", "seconds")
    return {"run": str(run.id), **{name: getattr(run, name) for name in names}}
