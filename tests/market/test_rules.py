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
    asked = ListingSearchForm(
        q="ac", make=("honda", "kia"), year_min=2019, photos=True, near="lahore", radius=100, sort="distance", page=2
    )
    chips = [(chip.name, chip.value, rules.results("en", chip.without)) for chip in rules.chips(asked)]
    rest = "photos=1&near=lahore&radius=100&sort=distance"

    assert chips == [
        ("q", "ac", f"/cars?make=honda&make=kia&year_min=2019&{rest}"),
        ("make", "honda", f"/cars?q=ac&make=kia&year_min=2019&{rest}"),
        ("make", "kia", f"/cars?q=ac&make=honda&year_min=2019&{rest}"),
        ("year_min", 2019, f"/cars?q=ac&make=honda&make=kia&{rest}"),
        ("photos", True, "/cars?q=ac&make=honda&make=kia&year_min=2019&near=lahore&radius=100&sort=distance"),
        ("near", "lahore", "/cars?q=ac&make=honda&make=kia&year_min=2019&photos=1"),
    ]
    assert rules.results("en", rules.cleared(asked)) == "/cars"


def test_one_model_year_is_one_filter_and_two_are_two() -> None:
    one, two = (rules.chips(ListingSearchForm(year_min=2018, year_max=most)) for most in (2018, 2020))

    assert [(chip.name, chip.value, rules.results("en", chip.without)) for chip in one] == [("year", 2018, "/cars")]
    assert [(chip.name, chip.value) for chip in two] == [("year_min", 2018), ("year_max", 2020)]


def test_near_questions_are_a_step_wider_or_leave_one_filter_out() -> None:
    moves = rules.nearest(ListingSearchForm(make=("kia",), city=("lahore",), year_min=2018, price_max=2_450_000))
    around = rules.nearest(ListingSearchForm(near="lahore"))

    assert [(one.name, one.value, one.widens) for one in moves] == [
        ("year_min", 2016, True), ("price_max", 3_000_000, True), ("near", "lahore", True),
        ("make", "kia", False), ("city", "lahore", False), ("year_min", 2018, False), ("price_max", 2_450_000, False),
    ]  # fmt: skip
    assert rules.results("en", moves[1].asked) == "/cars?make=kia&city=lahore&year_min=2018&price_max=3000000"
    assert rules.results("en", moves[2].asked).endswith("price_max=2450000&near=lahore&radius=100")
    assert [(one.name, one.asked.radius) for one in around] == [("radius", 200), ("near", 50)]


@pytest.mark.parametrize(
    ("page", "pages", "told"),
    [
        (1, 2, [1, 2]),
        (1, 20, [1, 2, 3, 4, None, 20]),
        (4, 20, [1, 2, 3, 4, 5, None, 20]),
        (9, 20, [1, None, 8, 9, 10, None, 20]),
        (20, 20, [1, None, 17, 18, 19, 20]),
        (300, 6, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_pages_around_this_one_can_be_stepped_to(page: int, pages: int, told: list[int | None]) -> None:
    assert rules.steps(page, pages) == told


def test_a_range_offers_what_the_address_asks() -> None:
    assert rules.choices((10, 20), 15) == [10, 15, 20]
    assert rules.choices((10, 20), None) == [10, 20]


def test_cars_are_compared_by_their_numbers_each_once() -> None:
    assert rules.compared(["100042,100043,x", "100042", "7"]) == [100042, 100043, 7]
    assert rules.compare("ur", [7, 8], differ=True) == "/ur/compare?ids=7,8&differ=1"
    assert rules.compare("en", []) == "/compare"


@pytest.mark.parametrize(
    ("address", "found"),
    [("100042-toyota", (100042, "toyota")), ("7", (7, "")), ("x", None), ("0-x", None), ("9" * 16, None), ("", None)],
)
def test_a_listing_is_named_by_its_number(address: str, found: tuple[int, str] | None) -> None:
    assert rules.number_in(address) == found
