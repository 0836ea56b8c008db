"""The search engines that a suite runs over: PostgreSQL always, Meilisearch where the shell names one."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.adapters.search.port import SearchIndex
from app.core import db
from app.core.base import Scope
from app.search.queries import PostgresIndex

OUTSIDE = {name: os.environ[name] for name in ("MEILI_URL", "MEILI_MASTER_KEY") if name in os.environ}
"""Taken before the tests forget the shell's settings."""
ENGINES = ("postgres", "meilisearch") if "MEILI_URL" in OUTSIDE else ("postgres",)


@asynccontextmanager
async def engine(name: str) -> AsyncIterator[SearchIndex]:
    """Filled with the cars of the database installed."""
    if name != "postgres":
        raise LookupError(f"no adapter is called {name}")
    async with db.unit(Scope(), read=True) as session:
        yield PostgresIndex(session)
