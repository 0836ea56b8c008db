"""What Meilisearch is asked to do, with its errors as ours. A task it has taken is not done yet: we wait ourselves."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2
from meilisearch_python_sdk import AsyncClient
from meilisearch_python_sdk.errors import MeilisearchApiError, MeilisearchError
from meilisearch_python_sdk.models.search import SearchParams, SearchResultsWithUID
from meilisearch_python_sdk.models.settings import MeilisearchSettings
from meilisearch_python_sdk.models.task import TaskInfo

from app.adapters.breaker import Breaker, BreakerOpen
from app.adapters.search.port import SearchDown, SearchTimeout, SearchWriteFailed

SEARCH_S: Final = 2
WRITE_S: Final = 60
_FIRST_LOOK_S, _SLOWEST_LOOK_S = 0.05, 1.0
_PER_PAGE: Final = 1_000
_TEMPORARY: Final = frozenset((408, 429, 500, 502, 503, 504))


class Server:
    """`search` has its own client and breaker: it must fail fast, a write may take its time."""

    def __init__(self, url: str, key: str | None) -> None:
        self.searching = AsyncClient(url, key, timeout=SEARCH_S)
        self.writing = AsyncClient(url, key, timeout=WRITE_S)
        self.breaker = Breaker("meilisearch", failures=(SearchDown,))

    async def close(self) -> None:
        await self.searching.aclose()
        await self.writing.aclose()

    async def search(self, queries: Sequence[SearchParams]) -> list[SearchResultsWithUID[Any]]:
        """All of them or none. Raises SearchDown."""
        try:
            async with self.breaker, _errors():
                found = await self.searching.multi_search(list(queries))
        except BreakerOpen as error:
            raise SearchDown(str(error)) from error
        except SearchWriteFailed as error:  # it answers, and not to this: the page is worth more than the engine
            raise SearchDown(error.why) from error
        if not isinstance(found, list) or len(found) != len(queries):
            raise SearchDown("an answer of another shape")
        return found

    async def wait(self, task: int, timeout_s: float) -> None:
        """Until the task has succeeded; a canceled one has failed. Raises SearchWriteFailed, SearchTimeout."""
        until, pause = time.monotonic() + timeout_s, _FIRST_LOOK_S
        while True:
            async with _errors():
                found = await self.writing.get_task(task)
            if found.status == "succeeded":
                return
            if found.status in ("failed", "canceled"):
                why = (found.error or {}).get("message") or found.status
                raise SearchWriteFailed(str(why))
            if time.monotonic() + pause > until:
                raise SearchTimeout(f"task {task} is {found.status} after {timeout_s:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _SLOWEST_LOOK_S)

    async def indexes(self) -> list[str]:
        async with _errors():
            found = await self.writing.get_raw_indexes(offset=0, limit=1_000)
        return [one.uid for one in found or ()]

    async def make(self, index: str, primary_key: str, settings: Mapping[str, Any]) -> None:
        """The index with its settings; harmless when it is there.

        The SDK's own `create_index` waits for ever for a task that was canceled.
        """
        if index not in await self.indexes():
            body = {"uid": index, "primaryKey": primary_key}
            async with _errors():
                answer = await self.writing.http_client.post("indexes", json=body)
                answer.raise_for_status()
                made = TaskInfo(**answer.json())
            try:
                await self.wait(made.task_uid, WRITE_S)
            except SearchWriteFailed:
                if index not in await self.indexes():  # else another process was quicker
                    raise
        async with _errors():
            task = await self.writing.index(index).update_settings(MeilisearchSettings.model_validate(settings))
        await self.wait(task.task_uid, WRITE_S * 10)

    async def put(self, index: str, documents: Sequence[Mapping[str, Any]]) -> int:
        async with _errors():
            return _uid(await self.writing.index(index).add_documents([dict(one) for one in documents], compress=True))

    async def take(self, index: str, ids: Sequence[str]) -> int:
        async with _errors():
            return _uid(await self.writing.index(index).delete_documents(list(ids)))

    async def versions(self, index: str, ids: Sequence[str]) -> dict[str, int]:
        """Of the documents that are there."""
        async with _errors():
            found = await self.writing.index(index).get_documents(
                ids=list(ids), limit=len(ids), fields=["id", "version"]
            )
        return {one["id"]: one["version"] for one in found.results}

    async def every_version(self, index: str) -> AsyncIterator[dict[str, int]]:
        """Of the whole index, so many at a time."""
        offset = 0
        while True:
            async with _errors():
                found = await self.writing.index(index).get_documents(
                    offset=offset, limit=_PER_PAGE, fields=["id", "version"]
                )
            if not found.results:
                return
            yield {one["id"]: one["version"] for one in found.results}
            offset += _PER_PAGE

    async def count(self, index: str) -> int:
        async with _errors():
            return (await self.writing.index(index).get_stats()).number_of_documents

    async def swap(self, one: str, other: str) -> None:
        """Documents and settings of the two change places at once."""
        async with _errors():
            task = await self.writing.swap_indexes([(one, other)])
        await self.wait(task.task_uid, WRITE_S)

    async def drop(self, index: str) -> None:
        async with _errors():
            task = await self.writing.index(index).delete()
        await self.wait(task.task_uid, WRITE_S)


def _uid(task: TaskInfo) -> int:
    return task.task_uid


@asynccontextmanager
async def _errors() -> AsyncIterator[None]:
    """Raises SearchDown where another try may help, SearchWriteFailed where it was refused."""
    try:
        yield
    except MeilisearchApiError as error:
        if error.status_code in _TEMPORARY:
            raise SearchDown(error.code or str(error.status_code)) from error
        raise SearchWriteFailed(error.code or error.message) from error
    except (MeilisearchError, httpx2.HTTPError, ValueError) as error:  # pydantic's and json's are ValueErrors
        raise SearchDown(str(error)[:200]) from error
