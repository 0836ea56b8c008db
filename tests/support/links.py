"""A way to PostgreSQL that a test can break, over the proxy of the fault run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import msgspec

from app.core import db
from app.core.embedded.process import free_port
from app.core.settings import Settings
from loadtests.faults.proxy import Link, Proxy


@asynccontextmanager
async def database_behind(settings: Settings, *, statement_s: float = 5) -> AsyncIterator[Proxy]:
    """The database of this process is reached through the link that is given, and only so."""
    before = db._database
    proxy = Proxy(Link("postgres", free_port(), urlsplit(settings.database_url or "").port or 0))
    await proxy.start()
    broken = {
        name: _at(getattr(settings, name), proxy.port) for name in ("database_url", "database_system_url")
    }  # fmt: skip
    made = db.Database(msgspec.structs.replace(settings, **broken), statement_s=statement_s)
    db.install(made)
    try:
        yield proxy
    finally:
        db.install(before)
        await proxy.stop()
        await made.close()


def _at(url: str | None, port: int) -> str:
    address = urlsplit(url or "")
    return urlunsplit(address._replace(netloc=f"{address.netloc.rpartition(':')[0]}:{port}"))
