"""An API over a fresh database with the catalogue in it, and two dealers whose stock tests make."""

from collections.abc import AsyncIterator

import pytest

from app.core import db
from app.core.settings import Settings
from app.taxonomy.service import seed as seed_places
from app.vehicles.service import seed as seed_vehicles
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    cheap_passwords()
    async with serving(settings) as caller:
        async with db.system() as session:
            await seed_places(session)
            await seed_vehicles(session)
        yield caller
