"""`desk migrate`: bring the database to this release's schema."""

import asyncio

import click
from alembic.util import CommandError

from app.cli._attach import attached, upgrade
from app.cli.seed import seed_all
from app.core import migrate, revisions
from app.core.embedded.checks import check_database
from app.core.embedded.errors import CannotStart
from app.core.migrate import RolesMissing


@click.command("migrate")
@click.option("--to", default="head", show_default=True, help="A revision to go up to.")
@click.option("--check", is_flag=True, help="Then fail when models and schema differ.")
@click.option("--seed", is_flag=True, help="Then do what `desk seed` does, in the same process.")
def command(to: str, check: bool, seed: bool) -> None:
    """Create the database roles and run every missing migration."""
    with attached(migrated=False) as settings:
        owner = settings.database_owner_url or settings.database_url
        if owner:
            check_database("DATABASE_OWNER_URL" if settings.database_owner_url else "DATABASE_URL", owner)
        try:
            upgrade(settings, to=to)
            if check and owner:
                migrate.check(owner)
        except RolesMissing as missing:
            click.echo(missing.sql)
            raise CannotStart(f"{missing}; run the SQL above as an administrator") from None
        except CommandError as wrong:
            raise CannotStart(f"migrations: {wrong}") from None
        click.echo(f"schema at {revisions.head() if to == 'head' else to}")
        if seed:
            for said in asyncio.run(seed_all(settings)):
                click.echo(said)
