"""Addresses of results, without a database."""

import pytest

from app.listings.schemas import ListingSearchForm
from app.market import rules


def test_an_address_holds_what_is_asked_and_nothing_else() -> None:
    asked = ListingSearchForm(q="vezel", make=("honda", "kia"), price_max=5_000_000, page=3)

    assert rules.results("en", ListingSearchForm()) == "/cars"
    assert rules.results("ur", asked, page=3) == "/ur/cars?q=vezel&make=honda&make=kia&price_max=5000000&page=3"
    assert rules.results("en", asked, make=()) == "/cars?q=vezel&price_max=5000000"


def test_every_filter_can_be_taken_away() -> None:
    chips = rules.without("en", ListingSearchForm(make=("honda", "kia"), year_min=2019, page=2))

    assert chips == [
        ("make", "honda", "/cars?make=kia&year_min=2019"),
        ("make", "kia", "/cars?make=honda&year_min=2019"),
        ("year_min", 2019, "/cars?make=honda&make=kia"),
    ]


@pytest.mark.parametrize(
    ("address", "found"),
    [("100042-toyota", (100042, "toyota")), ("7", (7, "")), ("x", None), ("0-x", None), ("9" * 16, None), ("", None)],
)
def test_a_listing_is_named_by_its_number(address: str, found: tuple[int, str] | None) -> None:
    assert rules.number_in(address) == found
