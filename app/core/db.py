"""PostgreSQL: engines by role, the unit of work, sessions of the system."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

from app.core import events, pool
from app.core.base import Base, Db, OrgOwned, OrgRow, OutOfScope, Scope, one_or, scoped, visible
from app.core.settings import Settings
from app.core.telemetry.traces import current_traceparent, span

__all__ = [
    "Base", "Database", "Db", "OrgOwned", "OrgRow", "OutOfScope", "Role", "Scope", "install", "installed", "one_or",
    "scoped", "system", "unit", "visible",
]  # fmt: skip

Role = Literal["desk_app", "desk_system", "desk_owner"]


def async_url(url: str) -> str:
    """The same URL for the asyncpg driver."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def engine(url: str, role: Role, *, size: int, statement_s: float = 5, overflow: int = 5) -> AsyncEngine:
    """Connections that act as `role`: by logging in as it, or by taking it on at start-up."""
    parsed = make_url(url)
    settings = {
        "application_name": "desk",
        "timezone": "UTC",
        "statement_timeout": str(int(statement_s * 1000)),
        "lock_timeout": "2000",
        "idle_in_transaction_session_timeout": "10000",
    }
    if parsed.username != role:
        settings["role"] = role
    made = create_async_engine(
        async_url(url),
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=5,
        pool_use_lifo=True,
        pool_recycle=1800,
        hide_parameters=True,  # a fault's trace must not carry what people typed
        connect_args={"timeout": 2, "command_timeout": statement_s + 3, "server_settings": settings},
    )
    pool.watch(made)
    return made


class Database:
    """The engines of one process. `statement_s` bounds a statement: 5 s for pages, 60 s for jobs."""

    def __init__(self, settings: Settings, *, statement_s: float = 5) -> None:
        if settings.database_url is None:
            raise ValueError("DATABASE_URL is not set and no embedded server was started")
        size = settings.database_pool
        self.app = engine(settings.database_url, "desk_app", size=size, statement_s=statement_s)
        system_url = settings.database_system_url or settings.database_url
        self.system = engine(system_url, "desk_system", size=max(2, size // 3), statement_s=statement_s)
        snapshot = self.app.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self.write_session = async_sessionmaker(self.app, class_=Db, expire_on_commit=False, autoflush=True)
        self.read_session = async_sessionmaker(snapshot, class_=Db, expire_on_commit=False, autoflush=False)
        self.system_session = async_sessionmaker(self.system, class_=Db, expire_on_commit=False, autoflush=True)

    async def close(self) -> None:
        await self.app.dispose()
        await self.system.dispose()


_database: Database | None = None


def install(database: Database | None) -> None:
    """Make `database` the one of this process."""
    global _database
    _database = database


def installed() -> Database:
    if _database is None:
        raise RuntimeError("no database installed")
    return _database


@asynccontextmanager
async def unit(scope: Scope, *, read: bool = False) -> AsyncIterator[Db]:
    """One transaction: on a clean end the commit step, COMMIT, then the wake-ups; on an error ROLLBACK.

    With `read` it is one read-only snapshot (REPEATABLE READ), for pages that tell their position.
    """
    database = installed()
    maker = database.read_session if read else database.write_session
    with span("db.unit", current=False, read=read):
        async with maker(info={"scope": scope}) as session, session.begin():
            yield session
            wakes = [] if read else await _finish(session)
    events.wake(wakes)


@asynccontextmanager
async def system() -> AsyncIterator[Db]:
    """One transaction as desk_system: across orgs, for the hub, the jobs and sign-in look-ups only."""
    with span("db.system", current=False):
        async with installed().system_session() as session, session.begin():
            yield session
            wakes = await _finish(session)
    events.wake(wakes)


async def _finish(session: Db) -> list[events.Wake]:
    await session.flush()
    return await events.commit_step(session, trace=current_traceparent())
