"""Engines over the odd market, PostgreSQL and Meilisearch where MEILI_URL names one; the shipped catalogue as words."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from app.adapters.search.port import SearchIndex
from app.core.embedded.servers import Servers
from app.core.ids import Id
from app.core.settings import Settings
from app.listings.rules.names import CityNames, MakeNames, ModelNames, TrimNames
from app.search.rules import Lexicon
from app.taxonomy.service import locations
from app.vehicles.service import catalogue
from tests.conftest import world
from tests.search import odd, oracle
from tests.support import search
from tests.support.api import Caller, serving
from tests.support.clones import Clones


@pytest.fixture(scope="session")
def odd_market(servers: Servers, template: Clones, catalogued: str) -> Iterator[str]:
    with world(servers, template, odd.fill, catalogued) as name:
        yield name


@pytest.fixture
def stocked(odd_market: str) -> str:
    return odd_market


@pytest.fixture
async def cars(settings: Settings) -> list[oracle.Car]:
    assert settings.database_owner_url
    return await oracle.every_car(settings.database_owner_url)


@pytest.fixture
async def orgs(settings: Settings) -> tuple[Id, ...]:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        rows = await connection.fetch("select id from org where kind = 'dealer' order by slug")
    finally:
        await connection.close()
    return tuple(row["id"] for row in rows)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    async with serving(settings) as caller:
        yield caller


@pytest.fixture(params=search.ENGINES)
async def engine(request: pytest.FixtureRequest, database: object) -> AsyncIterator[SearchIndex]:
    del database
    async with search.engine(request.param) as found:
        yield found


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    makes = catalogue()
    return Lexicon(
        [
            MakeNames(one.slug, one.name, one.name_ur, tuple(one.aliases), sum(model.weight for model in one.models))
            for one in makes
        ],
        [
            ModelNames(one.slug, model.slug, model.name, model.name_ur, tuple(model.aliases), weight=model.weight)
            for one in makes
            for model in one.models
        ],
        [
            TrimNames(one.slug, model.slug, trim.slug, trim.name, trim.engine_cc, trim.transmission)
            for one in makes
            for model in one.models
            for trim in model.trims
        ],
        [
            CityNames(place.slug, place.name, place.name_ur, tuple(place.aliases), place.kind, place.weight)
            for place in locations()
        ],
    )
