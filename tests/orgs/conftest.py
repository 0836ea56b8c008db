"""An API over a fresh database."""

from collections.abc import AsyncIterator

import pytest

from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    cheap_passwords()
    async with serving(settings) as caller:
        yield caller
