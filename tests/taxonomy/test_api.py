"""Places as JSON, for everybody."""

import pytest

from app.core import db
from app.taxonomy.service import seed
from tests.support.api import serving


@pytest.fixture
async def api(settings, database):
    async with db.system() as session:
        await seed(session)
    async with serving(settings) as caller:
        yield caller


async def test_cities_of_a_province_come_biggest_first(api):
    answer = await api.get("locations?parent=sindh&limit=2")

    assert answer.status_code == 200
    assert [item["name"] for item in answer.json()["items"]] == ["Karachi", "Hyderabad"]
    assert answer.json()["items"][0]["parent"] == "sindh"


async def test_a_walk_by_cursor_sees_every_place_once(api):
    seen, cursor = [], ""
    while cursor is not None:
        page = (await api.get(f"locations?limit=40&cursor={cursor}")).json()
        seen += [item["slug"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert len(seen) == len(set(seen)) == 115


@pytest.mark.parametrize(
    ("q", "slug"), [("lah", "lahore"), ("pindi", "rawalpindi"), ("فیصل", "faisalabad"), ("DGK", "dera-ghazi-khan")]
)
async def test_a_place_is_found_by_how_people_write_it(api, q, slug):
    assert slug in [item["slug"] for item in (await api.get("locations", params={"q": q})).json()["items"]]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("parent=atlantis", 404),
        ("kind=planet", 422),
        ("limit=0", 422),
        ("limit=101", 422),
        ("cursor=junk", 404),
        ("q=%25", 200),
    ],
)
async def test_bad_questions_are_refused(api, query, status):
    answer = await api.get(f"locations?{query}")

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["items"] == []
