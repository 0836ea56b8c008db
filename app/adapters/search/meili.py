"""Meilisearch as a SearchIndex.

Facets that do not limit themselves take one question each, all in one request; exact totals are the sum of the counts
of a field that every car has, because its own total stops at `maxTotalHits`.
"""

import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any, Final

from meilisearch_python_sdk.models.search import SearchParams

from app.adapters.search.meili_documents import LIVE, MOST_HITS, PRIMARY_KEY, SETTINGS, document
from app.adapters.search.meili_filters import filters, impossible
from app.adapters.search.meili_server import Server
from app.adapters.search.port import (
    FACETS,
    FacetName,
    IndexHealth,
    ListingDoc,
    Rebuilt,
    Receipt,
    SearchPage,
    SearchQuery,
    SearchWriteFailed,
)
from app.core.ids import Id

_ALWAYS_SAID: Final = "seller"
_ORDERS: Final = {
    "newest": ["fresh_at:desc", "number:desc"],
    "price_asc": ["price:asc", "fresh_at:desc", "number:desc"],
    "price_desc": ["price:desc", "fresh_at:desc", "number:desc"],
    "km_asc": ["km:asc", "fresh_at:desc", "number:desc"],
    "year_desc": ["year:desc", "fresh_at:desc", "number:desc"],
}
_STAMP: Final = "%Y%m%d%H%M%S%f"
_STAMP_DIGITS: Final = 20
_KEPT_FOR: Final = timedelta(hours=24)
_REBUILD_WAIT_S: Final = 3_600


class MeiliIndex:
    """`fold` is how questions are folded; `uid` the index that answers."""

    name = "meilisearch"

    def __init__(self, server: Server, *, fold: Callable[[str], str], uid: str = LIVE) -> None:
        self.server = server
        self._fold = fold
        self._uid = uid
        self._ready = False

    async def search(self, query: SearchQuery) -> SearchPage:
        if impossible(query):
            return SearchPage(
                ids=(), total=0, facets={name: {} for name in query.facets}, last_page=0, engine=self.name
            )
        own = [name for name in query.facets if query.filters.get(name)]
        free = [name for name in query.facets if name not in own]
        asked = [self._asked(query, facets=[*free, *({_ALWAYS_SAID} - set(free))])]
        asked += [self._asked(query, facets=[name], without=name) for name in own]
        found = await self.server.search(asked)
        counted = [dict(one.facet_distribution or {}) for one in found]
        total = sum(counted[0].get(_ALWAYS_SAID, {}).values())
        facets = {name: _ordered(counted[0].get(name, {})) for name in free}
        facets |= {name: _ordered(counted[at].get(name, {})) for at, name in enumerate(own, 1)}
        return SearchPage(
            ids=tuple(Id(one["id"]) for one in found[0].hits),
            total=total,
            facets={name: facets[name] for name in FACETS if name in facets},
            last_page=min(math.ceil(total / query.per_page), MOST_HITS // query.per_page),
            engine=self.name,
        )

    def _asked(self, query: SearchQuery, *, facets: list[str], without: FacetName | None = None) -> SearchParams:
        """The page, or with `without` only what its facet would leave."""
        sort = _ORDERS.get(query.sort)
        if query.sort == "distance" and query.geo is not None:
            sort = [f"_geoPoint({query.geo.lat:.6f}, {query.geo.lon:.6f}):asc", "rank:desc", "number:desc"]
        return SearchParams(
            index_uid=self._uid,
            q=" ".join(words[0] for words in query.words),
            filter=filters(query, without=without) or None,
            facets=facets,
            attributes_to_retrieve=[PRIMARY_KEY],
            sort=sort if without is None else None,
            matching_strategy="all",
            offset=0 if without else (query.page - 1) * query.per_page,
            limit=0 if without else query.per_page,
        )

    async def ensure(self) -> None:
        await self.server.make(self._uid, PRIMARY_KEY, SETTINGS)
        self._ready = True

    async def upsert(self, docs: Sequence[ListingDoc]) -> Receipt:
        """Into every index there is: one that is being filled must not miss what changes meanwhile."""
        tasks = [await self._put(index, docs) for index in await self._indexes()] if docs else []
        return Receipt(",".join(str(task) for task in tasks if task is not None) or None)

    async def delete(self, ids: Sequence[Id]) -> Receipt:
        named = [str(id_) for id_ in ids]
        tasks = [await self.server.take(index, named) for index in await self._indexes()] if named else []
        return Receipt(",".join(map(str, tasks)) or None)

    async def wait(self, receipt: Receipt, timeout_s: float = 30) -> None:
        until = time.monotonic() + timeout_s
        for task in (receipt.ref or "").split(","):
            if task:
                await self.server.wait(int(task), max(until - time.monotonic(), 0.1))

    async def _indexes(self) -> list[str]:
        """The live one, made when it is missing (a document sent to an unknown index would make one without
        settings), and those being filled or kept beside it."""
        if not self._ready:
            await self.ensure()
        return [self._uid, *(uid for uid in await self.server.indexes() if self._is_beside(uid))]

    def _is_beside(self, uid: str) -> bool:
        head, _bar, stamp = uid.rpartition("_")
        return head == self._uid and len(stamp) == _STAMP_DIGITS and stamp.isdecimal()

    async def _put(self, index: str, docs: Sequence[ListingDoc]) -> int | None:
        """Without those that are there in a newer version."""
        there = await self.server.versions(index, [str(one.id) for one in docs])
        newer = [document(one, self._fold) for one in docs if one.version >= there.get(str(one.id), 0)]
        return await self.server.put(index, newer) if newer else None

    async def rebuild(self, docs: AsyncIterator[Sequence[ListingDoc]]) -> Rebuilt:
        """Settings first, then the documents, then the two change places; the old one is kept for a day."""
        started, seen, tasks = time.monotonic(), 0, list[int]()
        await self.ensure()
        await self._forget_old()
        beside = f"{self._uid}_{datetime.now(UTC).strftime(_STAMP)}"
        await self.server.make(beside, PRIMARY_KEY, SETTINGS)
        try:
            async for some in docs:
                seen += len(some)
                task = await self._put(beside, some)
                tasks += [task] if task is not None else []
            for task in tasks:
                await self.server.wait(task, _REBUILD_WAIT_S)
            await self.server.swap(self._uid, beside)
        except BaseException:
            await self._drop_unfinished(beside)
            raise
        return Rebuilt(documents=seen, seconds=time.monotonic() - started, generation=beside)

    async def _drop_unfinished(self, index: str) -> None:
        """What cannot be dropped now goes with the next rebuild."""
        try:
            await self.server.drop(index)
        except Exception:  # noqa: BLE001 - the reason of the failed rebuild is worth more than this one
            return

    async def _forget_old(self) -> None:
        oldest = (datetime.now(UTC) - _KEPT_FOR).strftime(_STAMP)
        for uid in await self.server.indexes():
            if self._is_beside(uid) and uid.rpartition("_")[2] < oldest:
                await self.server.drop(uid)

    async def versions(self) -> AsyncIterator[Mapping[Id, int]]:
        """Of every document, so many at a time: what a comparison with the cars needs."""
        async for some in self.server.every_version(self._uid):
            yield {Id(id_): version for id_, version in some.items()}

    async def health(self) -> IndexHealth:
        """The checksum is the one of the search rows: the first four bytes of md5("id:version"), added up."""
        try:
            total = documents = 0
            async for some in self.versions():
                documents += len(some)
                for id_, version in some.items():
                    digest = md5(f"{id_}:{version}".encode(), usedforsecurity=False).hexdigest()
                    total += int(digest[:8], 16)
        except SearchWriteFailed as error:
            return IndexHealth(documents=0, why=error.why)
        return IndexHealth(documents=documents, checksum=f"{total:x}", generation=self._uid)

    async def close(self) -> None:
        await self.server.close()


def _ordered(counted: dict[str, Any]) -> dict[str, int]:
    """The most first, then by slug."""
    return dict(sorted(((slug, n) for slug, n in counted.items() if n), key=lambda one: (-one[1], one[0])))
