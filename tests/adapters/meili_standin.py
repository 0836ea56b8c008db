"""Stands in for a Meilisearch server where documents, tasks and indexes matter: each request is held against the
description of the API first. It searches nothing: what a search finds is what the test says."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx2
from meilisearch_python_sdk import AsyncClient

from app.adapters.search.meili_server import Server
from tests.adapters.meili_described import Described, content

_AT = "2026-11-28T09:00:00Z"
Answer = Callable[[dict[str, Any]], dict[str, Any]]


class Standin:
    """Tasks are done at once, unless `ends` says how the next ones end. `down`: it refuses connections."""

    def __init__(self) -> None:
        self.described = Described.chosen()
        self.indexes: dict[str, dict[str, dict[str, Any]]] = {}
        self.settings: dict[str, dict[str, Any]] = {}
        self.tasks: list[dict[str, Any]] = []
        self.ends: list[str] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.down: Exception | int | None = None
        self.answers: Answer = lambda _query: {}
        self.before_put: Callable[[str], None] = lambda _index: None

    def server(self) -> Server:
        server = Server("http://meili.test", "a-key")
        server.searching = self._client(server.searching)
        server.writing = self._client(server.writing)
        return server

    def _client(self, client: AsyncClient) -> AsyncClient:
        over = httpx2.AsyncClient(
            base_url="http://meili.test", headers=client._headers, transport=httpx2.MockTransport(self.answer)
        )
        client.http_client = client._http_requests.http_client = over
        return client

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if isinstance(self.down, Exception):
            raise self.down
        if self.down is not None:
            return httpx2.Response(self.down, json={"message": "busy", "code": "busy", "type": "system", "link": ""})
        status = self.described.check(request)
        body = json.loads(content(request) or b"null")
        self.asked.append((request.method, request.url.path, body))
        return httpx2.Response(status, json=self._does(request, body))

    def _does(self, request: httpx2.Request, body: Any) -> Any:
        path, method = request.url.path, request.method
        index = found[1] if (found := re.match(r"/indexes/([^/]+)", path)) else ""
        if path == "/multi-search":
            return {"results": [self._found(query) for query in body["queries"]]}
        if path.startswith("/tasks/"):
            return self.tasks[int(path.rpartition("/")[2])]
        if path == "/indexes" and method == "GET":
            return {"results": [self._view(uid) for uid in self.indexes], "offset": 0, "limit": 1000, "total": 1}
        if path == "/indexes":
            return self._task("indexCreation", body["uid"], lambda: self.indexes.setdefault(body["uid"], {}))
        if path == "/swap-indexes":
            return self._task("indexSwap", None, lambda: self._swap(*body[0]["indexes"]))
        if path.endswith("/settings"):
            return self._task("settingsUpdate", index, lambda: self.settings.update({index: body}))
        if path.endswith("/stats"):
            return {"numberOfDocuments": len(self.indexes[index]), "isIndexing": False, "fieldDistribution": {}}
        if path.endswith("/documents/fetch"):
            return self._documents(index, body["ids"], 0, body["limit"])
        if path.endswith("/documents/delete-batch"):
            return self._task("documentDeletion", index, lambda: [self.indexes[index].pop(id_, None) for id_ in body])
        if path.endswith("/documents") and method == "GET":
            asked = request.url.params
            return self._documents(index, sorted(self.indexes[index]), int(asked["offset"]), int(asked["limit"]))
        if path.endswith("/documents"):
            self.before_put(index)
            new = {one["id"]: one for one in body}
            return self._task("documentAdditionOrUpdate", index, lambda: self.indexes[index].update(new))
        return self._task("indexDeletion", index, lambda: self.indexes.pop(index, None))

    def _found(self, query: dict[str, Any]) -> dict[str, Any]:
        return {
            "indexUid": query["indexUid"], "hits": [], "query": query["q"], "processingTimeMs": 1,
            "limit": query["limit"], "offset": query["offset"], "estimatedTotalHits": 0, **self.answers(query),
        }  # fmt: skip

    def _documents(self, index: str, ids: list[str], offset: int, limit: int) -> dict[str, Any]:
        there = [self.indexes[index][id_] for id_ in ids if id_ in self.indexes[index]]
        results = [{"id": one["id"], "version": one["version"]} for one in there[offset : offset + limit]]
        return {"results": results, "offset": offset, "limit": limit, "total": len(there)}

    def _task(self, kind: str, index: str | None, work: Callable[[], object]) -> dict[str, Any]:
        status = self.ends.pop(0) if self.ends else "succeeded"
        if status == "succeeded":
            work()
        error = {"message": "no such field", "code": "invalid", "type": "x", "link": ""} if status == "failed" else None
        uid = len(self.tasks)
        self.tasks.append(
            {"uid": uid, "indexUid": index, "status": status, "type": kind, "error": error, "enqueuedAt": _AT}
        )
        return {"taskUid": uid, "indexUid": index, "status": "enqueued", "type": kind, "enqueuedAt": _AT}

    def _swap(self, one: str, other: str) -> None:
        for kept in (self.indexes, self.settings):
            kept[one], kept[other] = kept[other], kept[one]

    def _view(self, uid: str) -> dict[str, Any]:
        return {"uid": uid, "primaryKey": "id", "createdAt": _AT, "updatedAt": _AT}
