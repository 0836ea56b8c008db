"""The search engines that a suite runs over: PostgreSQL always, Meilisearch where the shell names one."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from app.adapters.search import meilisearch
from app.adapters.search.port import SearchIndex
from app.core import db
from app.core.base import Scope
from app.listings import rules
from app.search.queries import PostgresIndex, every_document, install

OUTSIDE = {name: os.environ[name] for name in ("MEILI_URL", "MEILI_MASTER_KEY") if name in os.environ}
"""Taken before the tests forget the shell's settings."""
ENGINES = ("postgres", "meilisearch") if "MEILI_URL" in OUTSIDE else ("postgres",)


@asynccontextmanager
async def engine(name: str) -> AsyncIterator[SearchIndex]:
    """Filled with the cars of the database installed."""
    if name == "meilisearch":
        async with _filled() as filled:
            yield filled
        return
    async with db.unit(Scope(), read=True) as session:
        yield PostgresIndex(session)


@asynccontextmanager
async def answering(name: str) -> AsyncIterator[None]:
    """The market's searches are answered by it."""
    if name == "postgres":
        yield
        return
    async with engine(name) as index:
        install(index)
        try:
            yield
        finally:
            install(None)


@asynccontextmanager
async def _filled() -> AsyncIterator[SearchIndex]:
    """In an index of its own, which goes afterwards."""
    uid = f"test{uuid4().hex[:12]}"
    index: Any = meilisearch(OUTSIDE["MEILI_URL"], OUTSIDE.get("MEILI_MASTER_KEY"), rules.fold, uid)
    try:
        async with db.system() as session:
            await index.rebuild(every_document(session))
        yield index
    finally:
        for one in await index.server.indexes():
            if one.startswith(uid):
                await index.server.drop(one)
        await index.close()
