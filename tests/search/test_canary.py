"""Cars that are not for everybody appear nowhere public: not in lists, counts, words, or beside another car."""

import asyncpg
import pytest

from app.core import db
from app.core.base import Scope
from app.core.settings import Settings
from app.search import queries
from tests.listings.test_api import published, southside
from tests.support.api import Caller

_SHADES = {
    "wholesale": {"visibility": "wholesale_public"},
    "private": {"visibility": "private"},
    "the trade's channel": {"channel": "autotrader"},
}


@pytest.fixture
def stocked(catalogued: str) -> str:
    return catalogued


async def _public(api: Caller) -> str:
    """All that a stranger can get out of the market, as text."""
    anybody = api.stranger()
    said = []
    for path in (
        "listings?facets=1", "listings/search?facets=1&make=honda", "listings?q=canary", "listings?q=civic",
        "listings?org=southside&facets=1", "listings?near=lahore&sort=distance&facets=1", "listings?photos=0&facets=1",
        "listings?condition=used&sort=price_desc", "/", "/ur", "/cars", "/ur/cars?q=canary", "/cars?make=honda",
        "/cars/honda", "/ur/cars/honda", "/cars/honda/civic", "/cars/in/lahore", "/cars/body/sedan", "/sitemap.xml",
        "search/suggest?q=canary", "search/suggest?q=honda", "/cars/suggestions?q=civic",
    ):  # fmt: skip
        answer = await anybody.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.text)
        said.append(answer.text)
    return "\n".join(said)


@pytest.mark.parametrize("shade", _SHADES)
async def test_a_car_not_for_everybody_is_nowhere(api: Caller, settings: Settings, shade: str) -> None:
    owner = await southside(api)
    hidden = await published(owner, description="canary", title="Canary of Honda", **_SHADES[shade])
    shown = await published(owner, stock_number="A-2", year=2021)

    said = await _public(api)
    assert hidden["id"] not in said
    assert f"/l/{hidden['number']}-" not in said
    assert "Canary of Honda" not in said
    page = (await api.stranger().get(f"/l/{shown['number']}", follow_redirects=True)).text
    assert "Canary of Honda" not in page, "similar cars"
    suggested = (await api.stranger().get("search/suggest?q=honda")).json()
    assert {one["count"] for one in suggested} == {1}
    for gone in (f"/l/{hidden['number']}", f"/l/{hidden['number']}/now"):
        assert (await api.stranger().get(gone, follow_redirects=True)).status_code in (404, 410), gone
    for kept in (f"/kept?cars={hidden['number']}", f"/compare?ids={hidden['number']}"):
        assert "Canary of Honda" not in (await api.stranger().get(kept)).text, kept
    found = (await api.stranger().get("listings?facets=1")).json()
    assert found["total"] == 1
    assert {name: sum(values.values()) for name, values in found["facets"].items()} == {
        **dict.fromkeys(found["facets"], 1), "auction": 0, "paint": 0,
        "colour": sum(found["facets"]["colour"].values()), "registered": sum(found["facets"]["registered"].values()),
    }  # fmt: skip
    async with db.unit(Scope()) as session:
        assert await queries.market_counts(session) == {
            "make": {"honda": 1}, "body": {"sedan": 1}, "city": {"lahore": 1}
        }  # fmt: skip


@pytest.mark.parametrize("end", ["unpublish", "reserve", "delete"])
async def test_a_car_taken_off_the_market_leaves_with_its_counts(api: Caller, end: str) -> None:
    owner = await southside(api)
    car = await published(owner)
    path = f"listings/{car['id']}"
    assert (await api.stranger().get("listings?facets=1")).json()["facets"]["make"] == {"honda": 1}

    if end == "delete":
        await owner.delete(path)
    elif end == "reserve":
        moved = await owner.patch(f"{path}/status", {"status": "reserved"})
        assert moved.status_code == 200, moved.text
    else:
        await owner.post(f"{path}/unpublish")

    found = (await api.stranger().get("listings?facets=1&make=honda")).json()
    assert (found["total"], found["facets"]["make"]) == (0, {})


async def test_a_dealers_cars_come_and_go_with_its_doors(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    await published(owner)
    assert settings.database_owner_url
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        for status, total in (("closed", 0), ("active", 1)):
            await connection.execute("update org set status = $1 where slug = 'southside'", status)
            found = (await api.stranger().get("listings?facets=1")).json()

            assert found["total"] == total
            assert sum(found["facets"]["make"].values()) == total
    finally:
        await connection.close()
