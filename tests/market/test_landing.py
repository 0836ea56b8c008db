"""Pages about a make, a model, a city or a body."""

import re
from urllib.parse import quote, unquote

import pytest
from sqlalchemy import text

from app.core import db
from app.core.money import pkr
from tests.journeys.conftest import Visitor
from tests.market.test_pages import cars_in

URDU = {
    "/cars/toyota": "/ur/cars/ٹویوٹا",
    "/cars/toyota/corolla": "/ur/cars/ٹویوٹا/کرولا",
    "/cars/in/lahore": "/ur/cars/in/لاہور",
}


@pytest.mark.parametrize(
    ("path", "query", "heading"),
    [
        ("/cars/toyota", "make=toyota", "Toyota cars for sale"),
        ("/cars/suzuki/alto", "make=suzuki&model=alto", "Suzuki Alto for sale"),
        ("/cars/in/lahore", "city=lahore", "Cars for sale in Lahore"),
        ("/cars/toyota/in/karachi", "make=toyota&city=karachi", "Toyota cars for sale in Karachi"),
        ("/cars/suzuki/alto/in/lahore", "make=suzuki&model=alto&city=lahore", "Suzuki Alto for sale in Lahore"),
        ("/cars/body/sedan", "body=sedan", "Sedan for sale"),
    ],
)
async def test_a_page_says_what_there_is_and_leads_on_to_all_of_it(
    visitor: Visitor, path: str, query: str, heading: str
) -> None:
    page = (await visitor.open(path)).text
    everything = re.findall(r"car-card", (await visitor.open(f"/cars?{query}")).text)
    total = re.search(r'id="found"[^>]*>\s*([\d,]+) cars?', visitor.page)

    assert f"<h1>{heading}</h1>" in page
    assert total
    assert f"{total[1]} car" in page
    assert cars_in(page)
    assert everything
    assert f'href="/cars?{query.replace("&", "&amp;")}&amp;sort=newest"' in page


async def test_prices_on_the_page_are_those_of_its_cars(visitor: Visitor) -> None:
    async with db.system() as session:
        rows = await session.scalars(
            text(
                "select l.asking_price from listing l join vehicle_make m on m.id = l.make_id join listing_search s "
                "on s.id = l.id where s.live and m.slug = 'honda' and l.asking_price > 0"
            )
        )
        prices = sorted(rows)
    page = (await visitor.open("/cars/honda")).text

    for price in (prices[0], prices[-1], prices[(len(prices) - 1) // 2]):
        assert pkr(price, "en") in page


@pytest.mark.parametrize(("english", "urdu"), URDU.items())
async def test_a_page_is_called_in_its_own_language(visitor: Visitor, english: str, urdu: str) -> None:
    here = await visitor.open(quote(urdu))
    assert here.status_code == 200
    assert f'href="{english}"' in here.text
    for other in (f"/ur{english}", quote(urdu.removeprefix("/ur")), english.replace("toyota", "TOYOTA")):
        moved = await visitor.open(other)
        if unquote(other) in (english, urdu):
            continue
        assert moved.status_code == 301, other
        assert unquote(moved.headers["location"]) == (urdu if other.startswith("/ur") else english)


async def test_what_was_renamed_moves_for_good(visitor: Visitor) -> None:
    async with db.system() as session:
        await session.execute(
            text("update vehicle_make set slug = 'toyota-motor', name_ur = 'ٹیوٹا' where slug = 'toyota'")
        )
        await session.execute(text("update location set slug = 'lahore-city' where slug = 'lahore'"))
    moved = await visitor.open("/cars/toyota/corolla/in/lahore?from=x")
    urdu = await visitor.open(quote("/ur/cars/ٹویوٹا"))

    assert (moved.status_code, moved.headers["location"]) == (301, "/cars/toyota-motor/corolla/in/lahore-city?from=x")
    assert (urdu.status_code, unquote(urdu.headers["location"])) == (301, "/ur/cars/ٹیوٹا")
    assert (await visitor.open(moved.headers["location"])).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/cars/rocket", "/cars/toyota/rocket", "/cars/in/atlantis", "/cars/body/boat", "/cars/honda/corolla", "/cars/in"],
)
async def test_what_nobody_knows_is_a_missing_page(visitor: Visitor, path: str) -> None:
    assert (await visitor.open(path)).status_code == 404
    assert (await visitor.open(f"/ur{path}")).status_code == 404


async def test_categories_lead_to_the_one_address_of_what_they_mean(visitor: Visitor) -> None:
    for path, to in {
        "/c/cars": "/cars",
        "/c/vehicles": "/cars",
        "/c/cars/toyota": "/cars/toyota",
        "/c/cars/toyota/corolla/lahore": "/cars/toyota/corolla/in/lahore",
        "/c/cars/lahore": "/cars/in/lahore",
        "/c/cars/suv": "/cars/body/suv",
        "/c/cars/diesel/toyota": "/cars?make=toyota&fuel=diesel",
        "/c/cars/toyota?year_min=2018": "/cars?make=toyota&year_min=2018",
        "/ur/c/cars/toyota": "/ur/cars/ٹویوٹا",
    }.items():
        moved = await visitor.open(path)
        assert (moved.status_code, unquote(moved.headers.get("location", ""))) == (301, to), path
    for path in ("/c/boats", "/c/cars/rocket", "/c/cars/toyota/alto"):
        assert (await visitor.open(path)).status_code == 404, path
