"""The market with the demo's cars, and a visitor without JavaScript."""

from collections.abc import AsyncIterator

import pytest

from app import wiring
from app.core import db
from app.core.settings import Settings
from app.listings.service import seed as seed_stock
from app.orgs.service import seed as seed_people
from app.taxonomy.service import seed as seed_places
from app.vehicles.service import seed as seed_vehicles
from tests.journeys.conftest import Visitor
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
async def desk(settings: Settings, database: object) -> AsyncIterator[Caller]:
    cheap_passwords()
    wiring.install()
    async with db.system() as session:
        await seed_places(session)
        await seed_vehicles(session)
    await seed_people(settings)
    await seed_stock(settings)
    async with serving(settings) as caller:
        yield caller


@pytest.fixture
def visitor(desk: Caller) -> Visitor:
    return Visitor(Caller(desk.app, desk.base_url))


@pytest.fixture
def another(desk: Caller) -> Visitor:
    return Visitor(Caller(desk.app, desk.base_url))
