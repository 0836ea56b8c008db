"""Pictures that a sheet names: fetched by the worker for cars that have none, and never a reason to refuse a car."""

import pytest

from app.adapters import http
from tests.adapters.test_http import as_libc
from tests.feeds.conftest import CARS, HEADERS, counts, imported, sheet, stock_of
from tests.media.test_addresses import Elsewhere, said
from tests.support.api import Caller
from tests.support.pictures import good

WITH_PICTURES = (*HEADERS, "Images")


@pytest.fixture(autouse=True)
def _nobody_asks_a_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_look_up", as_libc)


async def photos_of(owner: Caller, number: str) -> list[tuple[str, str, str]]:
    car = (await stock_of(owner))[number]["id"]
    found = (await owner.get(f"listings/{car}/media")).json()
    return [(one["source_url"].rpartition("/")[2], one["state"], one["error"]) for one in found]


async def test_a_new_car_gets_the_pictures_of_its_row_in_their_order(owner: Caller) -> None:
    elsewhere = Elsewhere(*(said(good(seed)) for seed in (81, 82)))
    async with elsewhere.open() as url:
        there = url.rpartition("/")[0]
        run = await imported(owner, sheet([(*CARS[0], f"{there}/front.jpg, {there}/back.jpg")], WITH_PICTURES))

    assert counts(run) == (1, 0, 0, 0, 0)
    assert await photos_of(owner, "S-1") == [("front.jpg", "ready", None), ("back.jpg", "ready", None)]


async def test_the_same_sheet_fetches_nothing_again_and_a_new_price_neither(owner: Caller) -> None:
    elsewhere = Elsewhere(said(good(83)))
    async with elsewhere.open() as url:
        await imported(owner, sheet([(*CARS[0], url)], WITH_PICTURES))
        visits = elsewhere.visits
        await imported(owner, sheet([(*CARS[0], url)], WITH_PICTURES))
        await imported(owner, sheet([(*CARS[0][:4], "39 lakh", *CARS[0][5:], url)], WITH_PICTURES))

    assert elsewhere.visits == visits == 1
    assert len(await photos_of(owner, "S-1")) == 1


async def test_a_trial_fetches_nothing(owner: Caller) -> None:
    elsewhere = Elsewhere(said(good(84)))
    async with elsewhere.open() as url:
        await imported(owner, sheet([(*CARS[0], url)], WITH_PICTURES), dry_run=True)

    assert elsewhere.visits == 0


async def test_an_inner_address_is_no_way_in_and_the_car_is_taken(owner: Caller) -> None:
    run = await imported(owner, sheet([(*CARS[0], "http://169.254.169.254/front.jpg")], WITH_PICTURES))

    assert counts(run) == (1, 0, 0, 0, 0)
    assert [error for _, _, error in await photos_of(owner, "S-1")] == ["url_not_allowed"]


async def test_more_than_twelve_are_not_taken(owner: Caller) -> None:
    elsewhere = Elsewhere(*(said(good(seed, 160, 120)) for seed in range(100, 114)))
    async with elsewhere.open() as url:
        there = url.rpartition("/")[0]
        many = " ".join(f"{there}/{number}.jpg" for number in range(14))
        await imported(owner, sheet([(*CARS[0], many)], WITH_PICTURES))

    assert len(await photos_of(owner, "S-1")) == 12
