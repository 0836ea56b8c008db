"""Alembic runs here: as desk_owner, alone, and never waiting long for a lock."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.base import Base
from app.core.db import async_url
from app.core.migrate import import_models

import_models()
_LOCK_KEY = 7_319_447


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare: Any) -> bool:
    """Autogenerate leaves alone what migrations make by hand: expression indexes are named `…_x`."""
    return not (kind == "index" and name is not None and name.endswith("_x"))


def _run(connection: Connection) -> None:
    connection.execute(text("set lock_timeout = '4s'"))
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
    connection.execute(text("set role desk_owner"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=False,
        include_object=_ours,
        transaction_per_migration=True,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("reset role"))
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
        connection.commit()


async def _main() -> None:
    engine = create_async_engine(async_url(context.config.attributes["url"]), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_main())
