"""The market with the demo's cars, and a visitor without JavaScript."""

from collections.abc import AsyncIterator

import pytest

from app import wiring
from app.core.settings import Settings
from tests.journeys.conftest import Visitor
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
def stocked(demonstrated: str) -> str:
    return demonstrated


@pytest.fixture
async def desk(settings: Settings, database: object) -> AsyncIterator[Caller]:
    cheap_passwords()
    wiring.install()
    async with serving(settings) as caller:
        yield caller


@pytest.fixture
def visitor(desk: Caller) -> Visitor:
    return Visitor(Caller(desk.app, desk.base_url))


@pytest.fixture
def another(desk: Caller) -> Visitor:
    return Visitor(Caller(desk.app, desk.base_url))
