"""An API over a fresh database with the catalogue in it, and two dealers whose stock tests make."""

from collections.abc import AsyncIterator

import pytest

from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
def stocked(catalogued: str) -> str:
    return catalogued


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    cheap_passwords()
    async with serving(settings) as caller:
        yield caller
