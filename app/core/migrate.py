"""Bring a database to this release's schema: roles first, then Alembic as desk_owner."""

import asyncio
import importlib
import pkgutil

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

import app
from app.core import rls
from app.core.revisions import MIGRATIONS


class RolesMissing(Exception):
    """The roles are missing and this login may not make them; `sql` is what an administrator runs."""

    def __init__(self, sql: str) -> None:
        super().__init__(
            "the roles desk_owner, desk_app and desk_system are missing and this login may not create them"
        )
        self.sql = sql


def import_models() -> None:
    """Import `models` of every domain, so that the metadata is whole."""
    importlib.import_module("app.core.feed_tables")
    for found in pkgutil.iter_modules(app.__path__):
        if found.ispkg and importlib.util.find_spec(f"app.{found.name}.models"):
            importlib.import_module(f"app.{found.name}.models")


def config(owner_url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    made.attributes["url"] = owner_url
    return made


async def bootstrap(owner_url: str, *, app_password: str | None = None, system_password: str | None = None) -> None:
    """Make the roles where the login may; raises RolesMissing where they are missing and it may not."""
    url = make_url(owner_url).set(drivername="postgresql")
    statements = rls.roles(str(url.database), app_password=app_password, system_password=system_password)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False), timeout=5)
    try:
        if await connection.fetchval("select rolsuper from pg_roles where rolname = current_user"):
            for statement in statements:
                await connection.execute(statement)
        elif await connection.fetchval("select count(*) from pg_roles where rolname like 'desk\\_%'") < 3:
            raise RolesMissing(";\n".join(statements) + ";")
    finally:
        await connection.close()


def upgrade(
    owner_url: str, *, to: str = "head", app_password: str | None = None, system_password: str | None = None
) -> None:
    """Roles, then every missing revision. Blocking: call it outside an event loop."""
    asyncio.run(bootstrap(owner_url, app_password=app_password, system_password=system_password))
    command.upgrade(config(owner_url), to)


def downgrade(owner_url: str, *, to: str = "base") -> None:
    command.downgrade(config(owner_url), to)


def check(owner_url: str) -> None:
    """Raises alembic.util.CommandError when models and migrations differ."""
    command.check(config(owner_url))
