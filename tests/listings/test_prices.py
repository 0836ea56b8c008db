"""The history of a price: all of it for the desk, with reasons; only drops for buyers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.listings import rules
from app.listings.rules import Asked, Drop
from tests.listings.test_api import made, published, southside
from tests.support.api import Caller

START = datetime(2026, 9, 1, tzinfo=UTC)


def day(n: int) -> datetime:
    return START + timedelta(days=n)


def history(*prices: tuple[int, int | None]) -> list[Asked]:
    return [Asked(price, day(at)) for at, price in prices]


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ([(0, 100)], []),
        ([(0, 100), (5, 90)], [(90, 100, 5)]),
        ([(0, 100), (5, 90), (9, 80)], [(80, 90, 9), (90, 100, 5)]),
        ([(0, 100), (5, 120), (9, 110)], []),  # raised first: no drop from what it asked before
        ([(0, 100), (5, 120), (40, 110)], [(110, 120, 40)]),  # a month later it is one
        ([(0, 100), (5, 90), (9, 95)], []),  # no longer stands
        ([(0, None), (5, 90)], []),
        ([(0, 100), (5, None), (9, 90)], [(90, 100, 9)]),
        ([(0, 100), (5, 90), (9, None)], []),
        ([(0, 100), (5, 90), (9, 90)], [(90, 100, 5)]),
    ],
)
def test_buyers_are_told_of_drops_that_are_drops(
    prices: list[tuple[int, int | None]], told: list[tuple[int, int, int]]
) -> None:
    assert rules.drops(history(*prices), START) == [Drop(price, was, day(at)) for price, was, at in told]


def test_what_was_asked_before_it_came_on_the_market_is_no_drop() -> None:
    assert rules.drops(history((0, 100), (3, 90), (9, 80)), day(4)) == [Drop(80, 90, day(9))]


@given(st.lists(st.one_of(st.none(), st.integers(1, 9)), min_size=1, max_size=12), st.integers(0, 12))
def test_every_drop_is_below_what_was_asked_and_none_is_asked_more_afterwards(prices: list, since: int) -> None:
    asked = history(*enumerate(prices))
    for drop in rules.drops(asked, day(since)):
        after = [one.price for one in asked if one.at >= drop.at]

        assert drop.price < drop.was
        assert drop.at > day(since)
        assert all(price is not None and price <= drop.price for price in after)
        assert drop.was in prices


async def test_the_desk_sees_every_change_with_its_reason_and_buyers_the_drops(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await published(owner))['id']}"
    for price, reason in ((6_300_000, "market"), (6_100_000, "offer")):
        answer = await owner.patch(path, {"asking_price": price, "price_reason": reason})
        assert answer.status_code == 200, answer.text
    anybody = api.stranger()
    drops = (await anybody.get(f"{path}/drops")).json()
    await owner.patch(path, {"asking_price": 6_900_000})
    rows = (await owner.get(f"{path}/prices")).json()

    assert [(row["price"], row["was"]) for row in drops] == [(6_100_000, 6_300_000), (6_300_000, 6_450_000)]
    assert all(set(row) == {"price", "was", "at"} for row in drops)
    assert (await anybody.get(f"{path}/drops")).json() == []
    assert [(row["price"], row["reason"]) for row in rows] == [
        (6_900_000, "changed"), (6_100_000, "offer"), (6_300_000, "market"), (6_450_000, "created"),
    ]  # fmt: skip
    assert (await anybody.get(f"{path}/prices")).status_code == 401
    assert (await owner.patch(path, {"asking_price": 1, "price_reason": "because"})).status_code in (400, 422)


async def test_a_draft_has_no_drops_to_tell(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await made(owner))['id']}"
    await owner.patch(path, {"asking_price": 1_000_000})

    assert (await api.stranger().get(f"{path}/drops")).status_code == 404
