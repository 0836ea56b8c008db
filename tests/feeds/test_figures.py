"""Prices, kilometres, engines and years as dealers write them."""

from decimal import Decimal

import pytest

from app.feeds.rules.figures import read_engine, read_km, read_year, unlikely_km
from app.feeds.rules.prices import read_price, settled

IN_RUPEES = {
    4_250_000: (
        "42.5 lakh", "42.5 lac", "42.5lacs", "4250000", "42,50,000", "Rs. 4,250,000/-", "PKR 42.5 Lacs", "۴۲٫۵ لاکھ",
        "42 lakh 50 hazar", "42.5L", "Rs.42.5Lacs/-", "۴۲۵۰۰۰۰", "4.25 million", "4,250,000 PKR", "₨ 42,50,000",
        "4.250.000", "4250000.00", "42,5 lakh", "4 250 000", "4'250'000", "42.5 lakh final", "Demand 42.5 lac",
        "42.5 lacs (negotiable)", "sarhe 42 lakh", "ساڑھے 42 لاکھ", "قیمت 42.5 لاکھ روپے", "4250k", "~42.5 lakh+",
        "42 lakh 50,000", "42.5 Lack", "٤٢٫٥ لاكه",
    ),
    14_500_000: ("1.45 crore", "1.45 cr", "1 crore 45 lakh", "PKR 1.45 Crore", "۱٫۴۵ کروڑ", "1,45 crore", "1.45 karod"),
    32_000_000: ("3.2crore", "3.2 Crores", "320 lakh"),
    3_100_000: ("31lacs", "31 LAKH"),
    3_690_000: ("PKR 3690000", "PKR3,690,000", "36 lakh 90 hazaar", "3 690 000"),
    15_000_000: ("derh crore", "ڈیڑھ کروڑ"),
    4_225_000: ("sawa 42 lakh", "سوا 42 لاکھ"),
    4_275_000: ("pone 43 lakh",),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "rupees"), [(raw, rupees) for rupees, raws in IN_RUPEES.items() for raw in raws])
def test_price_in_rupees(raw: str, rupees: int) -> None:
    price = read_price(raw)

    assert (price.kind, price.figure) == ("rupees", rupees)


@pytest.mark.parametrize("raw", ["Call for price", "call", "POA", "Price on request", "رابطہ کریں", "Contact dealer"])
def test_price_on_request(raw: str) -> None:
    assert read_price(raw).kind == "call"


@pytest.mark.parametrize("raw", ["", "-", "N/A", "null", " ? ", "#REF!"])
def test_no_price(raw: str) -> None:
    assert read_price(raw).kind == "nothing"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("$25,000", "other_currency"), ("USD 25000", "other_currency"), ("25000 AED", "other_currency"),
        ("€ 20000", "other_currency"), ("25 ہزار ڈالر", "other_currency"), ("-4250000", "price_impossible"),
        ("(4250000)", "price_impossible"), ("99999999999", "price_impossible"), ("9" * 60, "price_impossible"),
        ("5000 crore", "price_impossible"),
    ],
)  # fmt: skip
def test_price_that_cannot_be(raw: str, code: str) -> None:
    assert (read_price(raw).kind, read_price(raw).code) == ("problem", code)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("42 lakh / 45 lakh", "several_prices"), ("42-45 lakh", "several_prices"), ("4250000 or 4500000",
        "several_prices"),
        ("45 lakh (cash) 48 lakh (bank)", "several_prices"), ("42 lakh 50", "price_unclear"), ("soon", "price_unclear"),
        ("1 crore 45", "price_unclear"), ("12 lakh km", "price_unclear"), ("x" * 500, "price_unclear"),
    ],
)  # fmt: skip
def test_price_in_doubt(raw: str, code: str) -> None:
    assert (read_price(raw).kind, read_price(raw).code) == ("doubt", code)


@pytest.mark.parametrize(
    ("raw", "level", "rupees", "doubt"),
    [
        ("42.5", 45.0, 4_250_000, None),
        ("1.45", 160.0, 14_500_000, None),
        ("1.45", 45.0, 14_500_000, None),
        ("1.45", 10.0, None, "price_unclear"),
        ("5.5", 61.0, None, "price_unclear"),
        ("42.5", None, 4_250_000, None),
        ("4.5", None, None, "price_unclear"),
        ("0.9", None, 9_000_000, None),
        ("0", 45.0, None, "price_unclear"),
        ("4250", 45.0, None, "price_unclear"),
        ("4250000", 45.0, 4_250_000, None),
        ("425000", 45.0, 425_000, "price_unlikely"),
        ("42.5 crore", 45.0, 425_000_000, "price_unlikely"),
        ("5000 hazar", 45.0, 5_000_000, None),
    ],
)
def test_bare_figures_mean_what_is_plausible(
    raw: str, level: float | None, rupees: int | None, doubt: str | None
) -> None:
    assert settled(read_price(raw), level, 6.0) == (rupees, doubt)


@pytest.mark.parametrize(
    ("raw", "unit", "rupees"),
    [
        ("42.5", "lakh", 4_250_000),
        ("1.45", "crore", 14_500_000),
        ("4250000", "lakh", 4_250_000),
        ("4250", "thousand", 4_250_000),
    ],
)
def test_the_heading_may_say_the_unit(raw: str, unit: str, rupees: int) -> None:
    assert read_price(raw, unit).figure == Decimal(rupees)


def test_a_heading_in_dollars() -> None:
    assert read_price("25000", "foreign").code == "other_currency"


@pytest.mark.parametrize(
    ("raw", "km"),
    [
        ("27,900 km", 27_900), ("80000", 80_000), ("27.9k", 27_900), ("54 thousand km", 54_000), ("1.2 lakh km",
        120_000),
        ("1,23,456 KM", 123_456), ("۸۵۰۰۰ کلومیٹر", 85_000), ("۲۷٬۹۰۰ کلومیٹر", 27_900), ("52000 miles", 83_686),
        ("zero meter", 0), ("Brand New", 0), ("85000+", 85_000), ("85.000", 85_000), ("125000.0", 125_000),
        ("54 hazar", 54_000), ("2 km", 2), ("N/A", None), ("", None),
    ],
)  # fmt: skip
def test_kilometres(raw: str, km: int | None) -> None:
    assert (read_km(raw).value, read_km(raw).doubt, read_km(raw).problem) == (km, None, None)


@pytest.mark.parametrize(
    ("raw", "doubt", "problem"),
    [
        ("-5", None, "km_impossible"), ("3000000", None, "km_impossible"), ("55000-60000", "km_unclear", None),
        ("abc", "km_unclear", None), ("9" * 40, "km_unclear", None),
    ],
)  # fmt: skip
def test_kilometres_that_cannot_be(raw: str, doubt: str | None, problem: str | None) -> None:
    assert (read_km(raw).value, read_km(raw).doubt, read_km(raw).problem) == (None, doubt, problem)


def test_kilometres_by_their_heading() -> None:
    assert read_km("52000", "miles").value == 83_686
    assert read_km("54", "thousand").value == 54_000


@pytest.mark.parametrize(
    ("km", "age", "unlikely"),
    [
        (2, 0, False),
        (5, 1, False),
        (135, 14, True),
        (1_234, 9, True),
        (54_000, 5, False),
        (800_000, 20, True),
        (200_000, 1, True),
    ],
)
def test_kilometres_unusual_for_the_age(km: int, age: int, unlikely: bool) -> None:
    assert unlikely_km(km, age) is unlikely


@pytest.mark.parametrize(
    ("raw", "cc"),
    [
        ("800 cc", 800), ("1.3L", 1300), ("1300", 1300), ("1300.0", 1300), ("1.3", 1300), ("1.8 litre", 1800),
        ("1800.0 cc", 1800), ("1,300.0 cc", 1300),
        ("1300CC VVTi", 1300), ("1,300 cc", 1300), ("1800 c.c", 1800), ("۱۳۰۰ سی سی", 1300), ("V8 4600cc", 4600),
        ("64 kWh", None), ("150 kW", None), ("0.0", None), ("2.0 D4D", 2000),
    ],
)  # fmt: skip
def test_engine(raw: str, cc: int | None) -> None:
    assert (read_engine(raw).value, read_engine(raw).doubt, read_engine(raw).problem) == (cc, None, None)


@pytest.mark.parametrize(
    ("raw", "doubt", "problem"),
    [
        ("64", "engine_unclear", None),
        ("Turbo", "engine_unclear", None),
        ("25000", None, "engine_impossible"),
        ("-1300", None, "engine_impossible"),
    ],
)
def test_engine_that_cannot_be(raw: str, doubt: str | None, problem: str | None) -> None:
    assert (read_engine(raw).value, read_engine(raw).doubt, read_engine(raw).problem) == (None, doubt, problem)


@pytest.mark.parametrize(
    ("raw", "year", "doubt", "problem"),
    [
        ("2015", 2015, None, None), ("2015.0", 2015, None, None), ("2015-01-01", 2015, None, None),
        ("Jan 2015", 2015, None, None), ("Model 2015", 2015, None, None), ("۲۰۱۵", 2015, None, None),
        ("2027", 2027, None, None), ("", None, None, None), ("15", None, "year_unclear", None),
        ("2015/2018", None, "year_unclear", None), ("abc", None, "year_unclear", None),
        ("1890", None, None, "year_impossible"), ("3025", None, None, "year_impossible"),
        ("20155", None, None, "year_impossible"), ("-2015", None, None, "year_impossible"),
    ],
)  # fmt: skip
def test_year(raw: str, year: int | None, doubt: str | None, problem: str | None) -> None:
    told = read_year(raw, 2026)

    assert (told.value, told.doubt, told.problem) == (year, doubt, problem)
