"""Keeping an engine outside the database as the cars are. Each call may run twice, or beside another of its kind."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from msgspec import Struct
from sqlalchemy import select

from app.adapters.search import meilisearch
from app.adapters.search.port import ListingDoc, Rebuilt, SearchIndex
from app.core import db as database
from app.core.ids import Id
from app.core.settings import Settings
from app.listings import rules
from app.listings.models import Listing
from app.search import queries

_MANY: Final = 1_000
_WAIT_S: Final = 120.0
_ROUNDS: Final = 5


class Compared(Struct, frozen=True):
    """What was not as the cars are, and is now."""

    brought: int
    taken: int


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[SearchIndex | None]:
    """The engine that the settings name answers searches of this process, until the end."""
    if settings.meili_url is None:
        yield None
        return
    index = meilisearch(settings.meili_url, settings.meili_master_key, rules.fold)
    queries.install(index)
    try:
        yield index
    finally:
        queries.install(None)
        await index.close()


async def follow(ids: Sequence[Id]) -> None:
    """These cars as they are now. The documents are read before anything is sent and again when it has arrived:
    whoever was slower than another worker notices, and brings what is true by then.

    Raises SearchDown, SearchWriteFailed, SearchTimeout: then the job stays in the ledger and is tried again.
    """
    index = queries.outside()
    if index is None or not ids:
        return
    told: dict[Id, int] | None = None
    for _round in range(_ROUNDS):
        docs = await _documents(ids)
        now = {one.id: one.version for one in docs}
        if now == told:
            return
        for receipt in (await index.upsert(docs), await index.delete([id_ for id_ in ids if id_ not in now])):
            await index.wait(receipt, _WAIT_S)
        told = now


async def follow_org(org_id: Id) -> None:
    """All cars of an org: it was closed or opened, or many of them changed at once."""
    if queries.outside() is None:
        return
    async with database.system() as db:
        ids = list(await db.scalars(select(Listing.id).where(Listing.org_id == org_id).order_by(Listing.id)))
    for some in _parts(ids):
        await follow(some)


async def refill() -> Rebuilt:
    """A new index in place of the one that answers, and then what changed while it was filled."""
    index = _required()
    rebuilt = await index.rebuild(_every())
    await compare()
    return rebuilt


async def compare() -> Compared:
    """Bring what is missing or of an older version, take away what is no longer on the market."""
    index = _required()
    there: dict[Id, int] = {}
    async for versions in index.versions():
        there.update(versions)
    brought: list[Id] = []
    async for docs in _every():
        brought += [one.id for one in docs if there.pop(one.id, 0) < one.version]
    for some in _parts([*brought, *there]):
        await follow(some)
    return Compared(len(brought), len(there))


def _required() -> SearchIndex:
    index = queries.outside()
    if index is None:
        raise RuntimeError("MEILI_URL is not set: PostgreSQL searches, and is never behind")
    return index


async def _documents(ids: Sequence[Id]) -> list[ListingDoc]:
    async with database.system() as db:
        return await queries.documents(db, ids)


async def _every() -> AsyncIterator[list[ListingDoc]]:
    async with database.system() as db:
        async for some in queries.every_document(db):
            yield some


def _parts(ids: Sequence[Id]) -> Iterable[Sequence[Id]]:
    return (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))
