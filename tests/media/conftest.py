"""A dealer with a car, and where its pictures go: storage in memory, jobs run when the test says so."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
import pytest

from app import wiring
from app.adapters import imaging, storage
from app.adapters.storage import MemoryStorage
from app.core import settings as process
from app.core.jobs_ledger import burst
from app.core.settings import Settings
from tests.listings.test_api import made, southside
from tests.support import pictures
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
def stocked(catalogued: str) -> str:
    return catalogued


@pytest.fixture(autouse=True)
def looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "examine", pictures.looked_at_once(imaging.examine))


@pytest.fixture
def files() -> Iterator[MemoryStorage]:
    kept = MemoryStorage()
    storage.install(kept)
    yield kept
    storage.install(None)


@pytest.fixture
async def api(settings: Settings, database: object, files: MemoryStorage) -> AsyncIterator[Caller]:
    cheap_passwords()
    wiring.install()
    async with serving(settings) as caller:
        yield caller


class Car:
    """One listing, and what its dealer does with its pictures."""

    def __init__(self, owner: Caller, listing: dict[str, Any]) -> None:
        self.owner, self.listing = owner, listing
        self.id: str = listing["id"]
        self.path = f"listings/{self.id}/media"

    async def uploaded(self, content: bytes, name: str = "front.jpg") -> str:
        """Sent with a form of its own; the key it got."""
        ticket = (await self.owner.post("uploads/presign", {"content_type": "image/jpeg"})).json()
        answer = await self.send(ticket, content, name)
        assert answer.status_code == 204, answer.text
        return str(ticket["key"])

    async def send(self, ticket: dict[str, Any], content: bytes, name: str = "front.jpg") -> httpx.Response:
        """As a browser does: without any session."""
        nobody = self.owner.stranger()
        return await nobody.http.post(ticket["url"], data=ticket["fields"], files={"file": (name, content)})

    async def add(self, content: bytes, **more: Any) -> httpx.Response:
        return await self.owner.post(self.path, {"key": await self.uploaded(content), **more})

    async def add_url(self, url: str) -> httpx.Response:
        return await self.owner.post(self.path, {"url": url})

    async def photos(self) -> list[dict[str, Any]]:
        answer = await self.owner.get(self.path)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    async def states(self) -> list[str]:
        return [photo["error"] or photo["state"] for photo in await self.photos()]

    async def filled(self, *contents: bytes) -> list[dict[str, Any]]:
        """With these pictures, looked at."""
        for content in contents:
            answer = await self.add(content)
            assert answer.status_code == 201, answer.text
        await burst()
        return await self.photos()

    async def publish(self) -> None:
        answer = await self.owner.post(f"listings/{self.id}/publish")
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def car(api: Caller) -> Car:
    owner = await southside(api)
    return Car(owner, await made(owner))


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def set_to(**change: Any) -> None:
    """Other settings for this process."""
    process.install(msgspec.structs.replace(process.current(), **change))
