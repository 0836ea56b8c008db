"""One browser a file, and one whole desk a file for those who only look at it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.core.embedded.servers import Servers
from app.core.settings import load
from tests.support.clones import URLS, Clones, named
from tests.support.web import Web


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Closed at the end of the file: while it runs, no test of the same thread can have an event loop."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def stocked(in_business: str) -> str:
    return in_business


@pytest.fixture(scope="module")
def desk(
    servers: Servers, template: Clones, in_business: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """The demo's desk with its worker, in processes of its own."""
    name = template.make(in_business)
    addresses = {variable: named(url, name) for variable, url in servers.environment().items() if variable in URLS}
    data = str(tmp_path_factory.mktemp("desk"))
    made = load({**servers.environment(), **addresses, "DESK_DEMO": "1", "DESK_DATA": data})
    web = Web(made, "raw")
    web.start()
    web.start_worker()
    yield web
    web.end()
    template.drop(name)
