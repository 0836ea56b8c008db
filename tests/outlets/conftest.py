"""A dealer with cars that go out, and whoever fetches them: nobody we know."""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from app.adapters import storage
from app.core.base import Scope
from app.core.ids import Id
from app.core.settings import Settings
from tests.feeds.conftest import dealer
from tests.listings.test_api import published
from tests.support.api import Caller, cheap_passwords, serving
from tests.support.tenancy_media import picture_of


@pytest.fixture
def stocked(catalogued: str) -> str:
    return catalogued


@pytest.fixture(autouse=True)
def store() -> Iterator[storage.MemoryStorage]:
    kept = storage.MemoryStorage()
    storage.install(kept)
    yield kept
    storage.install(None)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    cheap_passwords()
    async with serving(settings) as caller:
        yield caller


@pytest.fixture
async def owner(api: Caller) -> Caller:
    return await dealer(api, "southside")


async def offered(owner: Caller, *, pictured: bool = True, **more: Any) -> dict[str, Any]:
    """A car on the market that is meant to go out."""
    car = await published(owner, in_feeds=True, **more)
    if pictured:
        await picture_of(Scope(org_id=Id(car["org_id"])), car["id"], car["id"])
    return car


async def outlet(owner: Caller, kind: str = "meta_csv", **more: Any) -> dict[str, Any]:
    answer = await owner.post("outlets", {"name": f"Our {kind}", "kind": kind, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def fetched(owner: Caller, made: dict[str, Any], **headers: str) -> httpx.Response:
    """As Meta fetches it."""
    answer = await owner.stranger().http.get(made["url"], headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert answer.status_code in (200, 304), answer.text
    return answer


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def carried(owner: Caller, made: dict[str, Any]) -> set[str]:
    """Titles in a sheet."""
    return {row["title"] for row in rows((await fetched(owner, made)).content)}
