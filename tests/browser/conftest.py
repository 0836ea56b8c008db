"""One whole desk a file: its tests have people or leads of their own."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from app.core.embedded.servers import Servers
from app.core.settings import Settings, load
from tests.support.clones import URLS, Clones, named
from tests.support.web import Web

SLOW_MACHINE_MS = 30_000
expect.set_options(timeout=SLOW_MACHINE_MS)


@pytest.fixture(scope="module")
def settings(
    servers: Servers, template: Clones, in_business: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Demo settings over a database of the file's own."""
    name = template.make(in_business)
    addresses = {variable: named(url, name) for variable, url in servers.environment().items() if variable in URLS}
    data = str(tmp_path_factory.mktemp("desk"))
    yield load({**servers.environment(), **addresses, "DESK_DEMO": "1", "DESK_DATA": data})
    template.drop(name)


@pytest.fixture(scope="module")
def started(settings: Settings) -> Iterator[Web]:
    web = Web(settings, "raw")
    yield web
    web.end()


@pytest.fixture
def desk(started: Web) -> Web:
    """The demo's desk, running: started again if a test before left it dead."""
    if not started.runs:
        started.start()
    return started
