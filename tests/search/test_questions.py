"""Odd questions are answered or refused, never broken."""

import pytest

from tests.support.api import Caller

REFUSED = [
    "sort=cheapest", "page=0", "page=10000", "page=-1", "page=x", "make=x%22%20OR%20tenant%20!%3D%201", "body=%27",
    "price_min=-1", "price_max=99999999999", "year_min=1", "year_max=99999", "km_min=-5", "cc_max=30000",
    "radius=5&near=lahore", "radius=100000&near=lahore", "near=%27%3B--", "sort=distance", "facets=maybe",
    "make=" + "&make=".join(f"m{at}" for at in range(60)), "q=" + "x" * 10_000, "scope=everybody", "q=%00",
]  # fmt: skip
ANSWERED = [
    "q=%22%20OR%20tenant%20!%3D%201", "q=%27%29%3B+drop+table+listing", "q=AND+OR+NOT", "q=%F0%9F%9A%97",
    "q=%E2%80%8F", "q=a%3A%2A%7Cb", "page=400", "make=atlantis", "near=atlantis", "unknown=1", "q=%5C%5C%27",
    "price_min=9999999999", "sort=distance&near=lahore&q=civic", "q=" + "+".join(f"w{at}" for at in range(40)),
]  # fmt: skip


@pytest.mark.parametrize("query", REFUSED)
async def test_what_cannot_be_asked_is_refused_by_field(api: Caller, query: str) -> None:
    answer = await api.stranger().get(f"listings?{query}")

    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("query", ANSWERED)
async def test_what_can_be_asked_is_answered(api: Caller, query: str) -> None:
    answer = await api.stranger().get(f"listings?{query}&facets=1")

    assert answer.status_code == 200, answer.text
    assert answer.json()["engine"] == "postgres"


@pytest.mark.parametrize("query", [*REFUSED, *ANSWERED])
async def test_a_page_leaves_out_what_cannot_be(api: Caller, query: str) -> None:
    answer = await api.stranger().get(f"/cars?{query}")

    assert answer.status_code in (200, 400), answer.text[:500]


async def test_ranges_places_and_pictures_narrow_what_is_found(api: Caller) -> None:
    anybody = api.stranger()

    async def total(query: str) -> int:
        return int((await anybody.get(f"listings?{query}")).json()["total"])

    every = await total("")
    assert 0 < await total("km_min=50001") < every
    assert 0 < await total("cc_min=1300&cc_max=1800") < every
    assert 0 < await total("photos=1") < every
    assert 0 < await total("condition=certified") < every
    assert 0 < await total("colour=white&colour=red") < every
    assert 0 < await total("near=lahore&radius=50") < await total("near=lahore&radius=300") < every
    assert await total("near=lahore&sort=distance") == await total("near=lahore")


async def test_pages_stop_where_pages_end(api: Caller) -> None:
    first = (await api.stranger().get("listings")).json()
    last = (await api.stranger().get(f"listings?page={first['pages']}")).json()

    assert first["pages"] == -(-first["total"] // 24)
    assert 0 < len(last["hits"]) <= 24
    assert not {hit["id"] for hit in last["hits"]} & {hit["id"] for hit in first["hits"]}
