"""A car that left the market: shown as sold for a month, then gone for good; and what was never there."""

import json
import re

import pytest

from app.core.settings import Settings
from tests.journeys.conftest import Visitor
from tests.market.open_market import meanwhile


async def set_car(settings: Settings, where: str, **values: str) -> int:
    """The number of one car, so changed."""
    done = ", ".join(f"{name} = {value}" for name, value in values.items())
    one = f"select number from listing where {where} order by number limit 1"  # noqa: S608
    [row] = (await meanwhile(settings, f"update listing set {done} where number = ({one}) returning number"))[0]  # noqa: S608
    return int(row["number"])


SOLD = "status = 'sold' and visibility = 'public'"
LIVE = "status = 'live' and visibility = 'public' and make_id is not null"


async def test_a_sold_car_is_shown_for_thirty_days_without_an_offer(visitor: Visitor, settings: Settings) -> None:
    number = await set_car(settings, SOLD, sold_at="now() - interval '29 days'", demo="false")
    page = await visitor.open((await visitor.open(f"/l/{number}")).headers["location"])
    told = json.loads(re.findall(r'ld\+json">(.*?)</script>', page.text)[0])
    car = next(one for one in told["@graph"] if one["@type"] == "Car")

    assert page.status_code == 200
    assert "This car is sold" in page.text
    assert "noindex" in page.text
    assert "offers" not in car
    assert "Similar cars" in page.text


@pytest.mark.parametrize(
    ("where", "values", "status", "says"),
    [
        (SOLD, {"sold_at": "now() - interval '31 days'"}, 410, "is sold."),
        (LIVE, {"status": "'expired'", "expires_at": "now() - interval '3 days'"}, 200, "has ended."),
        (LIVE, {"status": "'expired'", "expires_at": "now() - interval '31 days'"}, 410, "has ended."),
        (LIVE, {"status": "'archived'", "deleted_at": "now()"}, 410, "is no longer on offer."),
        (LIVE, {"status": "'archived'"}, 410, "is no longer on offer."),
        (LIVE, {"status": "'draft'", "published_at": "null"}, 404, "This car is no longer here."),
        (LIVE, {"visibility": "'private'"}, 404, "This car is no longer here."),
        (LIVE, {"visibility": "'wholesale_public'", "status": "'expired'"}, 404, "This car is no longer here."),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_what_is_gone_says_so_in_both_languages(
    visitor: Visitor, settings: Settings, where: str, values: dict[str, str], status: int, says: str
) -> None:
    number = await set_car(settings, where, **values)
    page = await visitor.open(f"/l/{number}-whatever")
    urdu = await visitor.open(f"/ur/l/{number}")

    assert (page.status_code, urdu.status_code) == (status, status)
    assert says in page.text
    assert "noindex" in page.text
    assert "/enquiry" not in page.text
    assert page.text.count("car-card") >= 4
    if status != 404:
        assert re.search(r'href="/cars/[a-z-]+/[a-z0-9-]+"', page.text), "the way to its model"


async def test_numbers_of_nothing_were_never_there(visitor: Visitor) -> None:
    for number in (1, 99_999, 999_999_999):
        assert (await visitor.open(f"/l/{number}")).status_code == 404
