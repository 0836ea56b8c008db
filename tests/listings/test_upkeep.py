"""Cars that are perhaps the same, and cars that are put up afresh."""

from typing import Any

import asyncpg
import pytest

from app.core.ids import Id
from app.core.settings import Settings
from tests.listings.test_api import made, published, southside
from tests.orgs.test_members import member
from tests.support.api import Caller, org_of

FACTS: dict[str, Any] = {"registered_in": "Lahore"}

ALIKE: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"odometer_km": 42_400, "asking_price": 6_200_000}, True),
    ({"variant": None, "colour": None, "registered_in": None}, True),  # what it does not say decides nothing
    ({"asking_price": None}, True),
    ({"odometer_km": 43_000}, False),
    ({"asking_price": 5_500_000}, False),
    ({"colour": "black"}, False),
    ({"registered_in": "Karachi"}, False),
    ({"year": 2020}, False),
    ({"model": "city", "variant": None}, False),
]


@pytest.mark.parametrize(("other", "alike"), ALIKE)
async def test_two_listings_with_the_same_facts_are_perhaps_one_car(
    api: Caller, other: dict[str, Any], alike: bool
) -> None:
    owner = await southside(api)
    first = await made(owner, **FACTS)
    second = await made(owner, **{**FACTS, "stock_number": "A-2", **other})

    for one, twin in ((first, second), (second, first)):
        found = (await owner.get(f"listings/{one['id']}/twins")).json()
        assert [row["id"] for row in found] == ([twin["id"]] if alike else [])
        assert (await owner.get(f"listings/{one['id']}")).json()["twin"] is alike
    rows = (await owner.get("listings?scope=org")).json()["items"]
    assert [row["twin"] for row in rows] == [alike, alike]


async def test_what_somebody_says_are_two_cars_is_not_asked_again(api: Caller) -> None:
    owner = await southside(api)
    first, second, third = [await made(owner, stock_number=f"T-{n}", **FACTS) for n in range(3)]
    path = f"listings/{first['id']}"
    left = (await owner.post(f"{path}/partings", {"other_id": second["id"]})).json()
    again = await owner.post(f"listings/{second['id']}/partings", {"other_id": first["id"]})

    assert [row["id"] for row in left] == [third["id"]]
    assert [row["id"] for row in again.json()] == [third["id"]]
    assert {row["id"] for row in (await owner.get(f"listings/{third['id']}/twins")).json()} == {
        first["id"], second["id"],
    }  # fmt: skip
    assert (await owner.get(f"listings/{third['id']}")).json()["twin"] is True
    for other in (first, second):
        await owner.post(f"listings/{third['id']}/partings", {"other_id": other["id"]})
    assert not any(row["twin"] for row in (await owner.get("listings?scope=org")).json()["items"])
    assert (await owner.post(f"{path}/partings", {"other_id": first["id"]})).status_code == 422


async def test_a_sold_or_foreign_car_is_nobodys_twin(api: Caller) -> None:
    owner = await southside(api)
    first = await made(owner, **FACTS)
    sold = await published(owner, stock_number="A-2", **FACTS)
    await owner.patch(f"listings/{sold['id']}/status", {"status": "sold"})
    northside = await org_of(api, "northside", "ana@northside.pk")
    await northside.post("branches", {"name": "Lahore", "slug": "lahore", "city": "Lahore"})
    theirs = await published(northside, stock_number="A-9", **FACTS)

    assert (await owner.get(f"listings/{first['id']}/twins")).json() == []
    assert (await owner.get(f"listings/{theirs['id']}/twins")).status_code == 404
    for one, other in ((first, theirs), (theirs, first)):
        parted = await owner.post(f"listings/{one['id']}/partings", {"other_id": other["id"]})
        assert (parted.status_code, parted.json()["code"]) == (404, "listing_gone")


async def long_ago(settings: Settings, listing: dict[str, Any], hours: float) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    await connection.execute(
        "update listing set refreshed_at = now() - $2 * interval '1 hour', published_at = now() - interval '40 days' "
        "where id = $1",
        Id(listing["id"]), hours,
    )  # fmt: skip
    await connection.execute(
        "update listing_search set fresh_at = now() - $2 * interval '1 hour' where id = $1", Id(listing["id"]), hours
    )
    await connection.close()


async def test_a_refreshed_car_is_among_the_newest_again_once_a_day(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    old = await published(owner)
    await long_ago(settings, old, 24.01)
    new = await published(owner, stock_number="A-2", year=2022)
    path = f"listings/{old['id']}"

    async def newest() -> list[str]:
        return [hit["id"] for hit in (await api.stranger().get("listings?sort=newest")).json()["hits"]]

    before = await newest()
    refreshed = await owner.post(f"{path}/refresh")
    again = await owner.post(f"{path}/refresh")
    published_at = (await api.stranger().get(path)).json()["published_at"]

    assert before == [new["id"], old["id"]]
    assert refreshed.status_code == 200, refreshed.text
    assert refreshed.json()["refreshed_at"] > refreshed.json()["published_at"]
    assert await newest() == [old["id"], new["id"]]
    assert (again.status_code, again.json()["code"]) == (409, "refreshed_today")
    assert again.json()["next_at"] > refreshed.json()["refreshed_at"]
    assert published_at < refreshed.json()["refreshed_at"], "when it came on the market stays true"


async def test_only_cars_on_the_market_are_refreshed_by_those_who_publish(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    draft = await made(owner)
    live = await published(owner, stock_number="A-2", year=2022)
    await long_ago(settings, live, 30)
    _id, sales = await member(api, owner, "Mo Khan", "sales")

    assert (await owner.post(f"listings/{draft['id']}/refresh")).json()["code"] == "move_not_allowed"
    assert (await sales.post(f"listings/{live['id']}/refresh")).status_code == 403
    batch = {"ids": [draft["id"], live["id"]], "action": {"kind": "refresh"}}
    shown = (await owner.post("listings/batches", batch)).json()
    assert (shown["changes"], shown["skipped"]) == (1, {"move_not_allowed": 1})
    await owner.post(f"listings/batches/{shown['id']}/application")
    assert (await owner.post(f"listings/{live['id']}/refresh")).json()["code"] == "refreshed_today"
    assert (await sales.post("listings/batches", batch)).status_code == 403


async def test_a_private_seller_keeps_a_car_on_the_market_by_refreshing_it(api: Caller, settings: Settings) -> None:
    mo = await api.register("mo@people.pk")
    listing = await made(mo, branch=None, city="multan", stock_number=None)
    connection = await asyncpg.connect(settings.database_owner_url)
    due = "update listing set status = 'live', expires_at = now() + interval '1 day' where id = $1"
    await connection.execute(due, Id(listing["id"]))
    await connection.close()
    await long_ago(settings, listing, 25)
    before = (await mo.get(f"listings/{listing['id']}")).json()["expires_at"]
    refreshed = await mo.post(f"listings/{listing['id']}/refresh")

    assert refreshed.status_code == 200, refreshed.text
    assert refreshed.json()["expires_at"] > before
