"""Servers once per test process, a migrated template once, a fresh database per test."""

import asyncio
import gc
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from redis import Redis
from sqlalchemy import text

from app import wiring
from app.cli._attach import upgrade
from app.core import db
from app.core.embedded.servers import Servers
from app.core.settings import Settings, install, load, variables
from app.leads.service.demo import seed as seed_leads
from app.listings.service import seed as seed_stock
from app.orgs.service import seed as seed_people
from app.taxonomy.service import seed as seed_places
from app.taxonomy.service import seed_categories
from app.vehicles.service import seed as seed_vehicles
from tests.support import browser, engines, network
from tests.support import search as search
from tests.support.api import cheap_passwords
from tests.support.clones import TEMPLATE, URLS, Clones, named
from tests.support.servers import PROGRAMS, started

network.stay_here()
engines.keep()
# Settings come from fixtures, never from the shell of whoever runs the tests; which servers to run is theirs to say.
for _name in variables().keys() - PROGRAMS:
    os.environ.pop(_name, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slowest files come first: a worker has a file whole (--dist loadfile), and none should wait for the last.

    Without Chromium the browser tests are left out by name, or fail the run under REQUIRE_BROWSER=1.
    """
    gc.freeze()  # what was imported stays; looking at it again and again takes time
    seconds = Counter[Path]()
    for item in items:
        seconds[item.path] += _seconds(item)
    items.sort(key=lambda item: (-seconds[item.path], item.path))
    wanted = [item for item in items if item.get_closest_marker("browser")]
    if not wanted or browser.chromium():
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("REQUIRE_BROWSER=1 but no Chromium was found: install it or set CHROMIUM")
    config.hook.pytest_deselected(items=wanted)
    items[:] = [item for item in items if item not in wanted]


def _seconds(item: pytest.Item) -> int:
    slow = item.get_closest_marker("slow")
    if slow is None:
        return 5 if item.get_closest_marker("browser") else 0
    return int(slow.args[0]) if slow.args else 10


def pytest_report_header() -> str:
    return f"chromium: {browser.chromium() or 'none, browser tests are left out'}"


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey of this test process; `template` is what most tests want."""
    with started() as running:
        yield running


@pytest.fixture(scope="session")
def template(servers: Servers) -> Iterator[Clones]:
    """The migrated database that tests clone."""
    upgrade(load(servers.environment()))
    clones = Clones(servers.environment()["DATABASE_OWNER_URL"])
    yield clones
    clones.close()


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """An empty Valkey."""
    url = servers.environment()["REDIS_URL"]
    with Redis.from_url(url) as redis:
        redis.flushall()
    return url


@pytest.fixture
def stocked() -> str:
    """The database that `settings` clones; a package whose tests all start from the same world overrides it."""
    return TEMPLATE


@pytest.fixture
def settings(servers: Servers, template: Clones, redis_url: str, stocked: str) -> Iterator[Settings]:
    """Demo settings over a fresh database and an empty Valkey."""
    name = template.make(stocked)
    made = over(servers, name)
    install(made)
    yield made
    template.drop(name)


def over(servers: Servers, name: str) -> Settings:
    """Demo settings over the database `name`."""
    there = servers.environment()
    addresses = {variable: named(url, name) for variable, url in there.items() if variable in URLS}
    return load({**addresses, "REDIS_URL": there["REDIS_URL"], "DESK_DEMO": "1", "DATABASE_POOL": "10"})


@asynccontextmanager
async def installed(settings: Settings) -> AsyncIterator[db.Database]:
    """The database as the one of this process."""
    made = db.Database(settings)
    db.install(made)
    try:
        yield made
    finally:
        db.install(None)
        await made.close()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[db.Database]:
    """The fresh database, installed as the one of this process."""
    async with installed(settings) as made:
        yield made


@contextmanager
def world(
    servers: Servers, template: Clones, fill: Callable[[Settings], Coroutine[Any, Any, Any]], on: str = TEMPLATE
) -> Iterator[str]:
    """A database filled once per process over another, for tests to clone by overriding `stocked`; its name."""

    async def filled(made: Settings) -> None:
        database = db.Database(made)
        db.install(database)
        wiring.install()
        try:
            await fill(made)
        finally:
            db.install(None)
            await database.close()

    name = template.make(on)
    made = over(servers, name)
    install(made)
    asyncio.run(filled(made))
    yield name
    template.drop(name)


async def _catalogue(_settings: Settings) -> None:
    async with db.system() as session:
        await seed_places(session)
        await seed_categories(session)
        await seed_vehicles(session)


async def _people(settings: Settings) -> None:
    cheap_passwords()
    await seed_people(settings)


async def _demo(settings: Settings) -> None:
    cheap_passwords()
    await seed_people(settings)
    await seed_stock(settings)
    async with db.system() as session:  # drawing a hundred cars is for the tests that look at drawings
        await session.execute(text("update job set done_at = now() where kind = 'media.reactions.draw'"))


@pytest.fixture(scope="session")
def catalogued(servers: Servers, template: Clones) -> Iterator[str]:
    """A database with places and vehicles."""
    with world(servers, template, _catalogue) as name:
        yield name


@pytest.fixture(scope="session")
def peopled(servers: Servers, template: Clones) -> Iterator[str]:
    """A database with the demo's accounts."""
    with world(servers, template, _people) as name:
        yield name


@pytest.fixture(scope="session")
def demonstrated(servers: Servers, template: Clones, catalogued: str) -> Iterator[str]:
    """A database with the demo's accounts and stock."""
    with world(servers, template, _demo, catalogued) as name:
        yield name


@pytest.fixture(scope="session")
def in_business(servers: Servers, template: Clones, demonstrated: str) -> Iterator[str]:
    """A database with the demo's accounts, stock and leads: what `desk seed` leaves behind."""
    with world(servers, template, seed_leads, demonstrated) as name:
        yield name


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; tests that use it are marked `browser`."""
    found = browser.chromium()
    assert found, "a test that uses this fixture is marked browser"
    return found


# A browser belongs to the event loop it was started in: whatever touches it runs in the one of the session.


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers(chromium: str) -> AsyncIterator[browser.Browsers]:
    async with async_playwright() as playwright:
        yield browser.Browsers(playwright, chromium)


@pytest_asyncio.fixture(loop_scope="session")
async def chrome(browsers: browser.Browsers) -> AsyncIterator[Browser]:
    """The browser of all tests of this process, without anything that another test left open."""
    running = await browsers.one()
    yield running
    for context in running.contexts:
        await context.close()
