"""The catalogue as JSON, for everybody."""

import pytest

from app.core import db
from app.vehicles.service import seed
from tests.support.api import serving


@pytest.fixture
async def api(settings, database):
    async with db.system() as session:
        await seed(session)
    async with serving(settings) as caller:
        yield caller


async def test_makes_come_most_sold_first(api):
    items = (await api.get("vehicles/makes")).json()["items"]

    assert [item["slug"] for item in items[:3]] == ["toyota", "suzuki", "honda"]
    assert len(items) == 36


async def test_models_carry_their_trims(api):
    items = (await api.get("vehicles/models?make=honda")).json()["items"]

    assert [item["name"] for item in items[:2]] == ["Civic", "City"]
    assert "1.5 RS Turbo" in [trim["name"] for trim in items[0]["trims"]]


async def test_a_year_leaves_out_what_was_not_sold_then(api):
    items = (await api.get("vehicles/models?make=suzuki&year=1995&limit=100")).json()["items"]
    names = {item["name"] for item in items}

    assert {"Mehran", "Khyber", "Margalla"} <= names
    assert not {"Swift", "FX"} & names


async def test_a_walk_by_cursor_sees_every_model_once(api):
    seen, cursor = [], ""
    while cursor is not None:
        page = (await api.get(f"vehicles/models?make=toyota&limit=10&cursor={cursor}")).json()
        seen += [item["slug"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert len(seen) == len(set(seen)) > 30


@pytest.mark.parametrize(("query", "status"), [("make=trabant", 404), ("", 422), ("make=honda&year=1", 422)])
async def test_bad_questions_are_refused(api, query, status):
    assert (await api.get(f"vehicles/models?{query}")).status_code == status
