"""A dealer with two branches over a fresh catalogue, a store for files, and sheets as dealers write them."""

import csv
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from app.adapters import storage
from app.core import jobs_ledger
from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, org_of, serving

HEADERS = ("Stock No", "Make", "Model", "Year", "Price", "Mileage", "City", "Colour", "Fuel")
CARS = (
    ("S-1", "Toyota", "Corolla", "2018", "42.5 lakh", "65,000 km", "Lahore", "White", "Petrol"),
    ("S-2", "Honda", "Civic", "2021", "PKR 6450000", "41000", "Lahore", "Black", "Petrol"),
    ("S-3", "Suzuki", "Alto", "2022", "25 lacs", "18,500", "Lahore", "Silver", "Petrol"),
)


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


async def dealer(api: Caller, slug: str) -> Caller:
    caller = await org_of(api, slug, f"kim@{slug}.pk")
    for name in ("lahore", "multan"):
        branch = {"name": name.title(), "slug": name, "city": name.title(), "phone": "042 35761234"}
        assert (await caller.post("branches", branch)).status_code == 201
    return caller


def sheet(rows: Sequence[Sequence[str]] = CARS, headers: Sequence[str] = HEADERS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    return out.getvalue().encode()


async def upload(caller: Caller, content: bytes, name: str = "stock.csv") -> str:
    answer = await caller.post("feeds/upload", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["file_id"]
    return found


async def imported(caller: Caller, content: bytes, name: str = "stock.csv", **form: Any) -> dict[str, Any]:
    """The run when everything that was due has been done."""
    file_id = await upload(caller, content, name)
    answer = await caller.post(f"feeds/{file_id}/runs", form)
    assert answer.status_code == 201, answer.text
    await jobs_ledger.burst()
    return await run_of(caller, answer.json()["run_id"])


async def run_of(caller: Caller, run_id: str) -> dict[str, Any]:
    answer = await caller.get(f"feeds/runs/{run_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def stock_of(caller: Caller) -> dict[str | None, dict[str, Any]]:
    """The org's cars by stock number."""
    found: dict[str | None, dict[str, Any]] = {}
    cursor = ""
    while True:
        page = (await caller.get(f"listings?scope=org&limit=100{cursor}")).json()
        found |= {car["stock_number"] or car["id"]: car for car in page["items"]}
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def counts(run: dict[str, Any]) -> tuple[int, int, int, int, int]:
    """created, updated, unchanged, skipped, rejected"""
    return tuple(run[name] for name in ("created", "updated", "unchanged", "skipped", "rejected"))  # type: ignore[return-value]
