"""`desk doctor`: what this desk would run on, and what is wrong with it."""

import asyncio
import json
import os
import platform
import sys
from collections.abc import Callable

import asyncpg
import click
from redis import Redis
from redis.exceptions import RedisError

from app.core import db, revisions
from app.core.embedded import binaries
from app.core.embedded.errors import CannotStart
from app.core.embedded.identity import Identity
from app.core.embedded.state import DataDirectory
from app.core.settings import Settings, load
from app.search import queries as search


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {ok, checks[{name, ok, says}]}.")
def command(as_json: bool) -> None:
    """Check settings, server programs, data directory, database, schema and Redis. Starts nothing."""
    settings = load(os.environ)
    directory = DataDirectory(settings.desk_data)
    running = directory.held_elsewhere()
    environ = {**os.environ, **(directory.read().environment if running else {})}
    settings = load(environ)
    checks = [
        _check("python", lambda: platform.python_version()),
        _check("settings", lambda: f"{settings.env}{', demo' if settings.desk_demo else ''}"),
        _check("desk", lambda: f"running (pid {directory.read().pid})" if running else "not running"),
        _check("data", lambda: _data(directory)),
        _check("postgres", lambda: _postgres(settings)),
        _check("valkey", lambda: _valkey(settings)),
    ]
    if settings.database_url:
        checks.append(_check("schema", lambda: _schema(settings)))
        if checks[-1]["ok"]:
            checks.append(_check("search", lambda: asyncio.run(_search(settings))))
    ok = all(check["ok"] for check in checks)
    if as_json:
        click.echo(json.dumps({"ok": ok, "checks": checks}))
    else:
        for check in checks:
            click.echo(f"{'ok ' if check['ok'] else 'BAD'} {check['name']:<10} {check['says']}")
    sys.exit(0 if ok else 1)


def _check(name: str, ask: Callable[[], str]) -> dict[str, object]:
    try:
        return {"name": name, "ok": True, "says": ask()}
    except (CannotStart, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError) as error:
        return {"name": name, "ok": False, "says": " ".join(str(error).split()) or type(error).__name__}


def _data(directory: DataDirectory) -> str:
    nearest = next(path for path in (directory.path, *directory.path.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise CannotStart(f"DESK_DATA {directory.path} is not writable")
    return str(directory.path)


def _postgres(settings: Settings) -> str:
    if settings.database_url:
        return f"PostgreSQL {asyncio.run(_ask(settings.database_url, 'show server_version'))}"
    who = Identity.pick(settings.desk_pg_os_user)
    programs = binaries.postgres(settings.desk_pg_bin, who)
    return f"embedded {binaries.version(programs / 'postgres')} as {who.name} ({programs})"


def _valkey(settings: Settings) -> str:
    if settings.redis_url:
        with Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=2) as redis:
            redis.ping()
            found = redis.info("server")
        return f"{found.get('server_name', 'redis')} {found.get('valkey_version', found['redis_version'])}"
    program = binaries.valkey(settings.desk_redis_bin)
    return f"embedded {binaries.version(program)} ({program})"


def _schema(settings: Settings) -> str:
    url = settings.database_owner_url or settings.database_url or ""
    found, wanted = asyncio.run(_ask(url, "select version_num from alembic_version")), revisions.head()
    if found != wanted:
        raise CannotStart(f"schema is at {found}, this release needs {wanted}: run desk migrate")
    return found


async def _search(settings: Settings) -> str:
    """Raises CannotStart for search rows that are not as their cars."""
    database = db.Database(settings, statement_s=60)
    db.install(database)
    try:
        async with db.system() as session:
            drift, found = await search.drift(session), await search.of_rows(session)
    finally:
        db.install(None)
        await database.close()
    if drift.any:
        raise CannotStart(f"search rows are not as their cars ({drift}): run desk reindex")
    return f"{found.documents} cars on the market"


async def _ask(url: str, question: str) -> str:
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=5)
    try:
        return str(await connection.fetchval(question))
    finally:
        await connection.close()
