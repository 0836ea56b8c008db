"""A row becomes a car: what is known, what is doubtful, what is wrong."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from app.feeds.rules import Column, Read, Reader, SheetRow, Vocabulary
from app.feeds.rules.words import ROWS

VOCABULARY = Vocabulary.shipped()


def reader(
    *fields: str, headers: Mapping[str, str] | None = None, learned: Mapping[tuple[str, str], str] | None = None
) -> Reader:
    names = headers or {}
    columns = [Column(at, names.get(field, field.title()), 1.0, ()) for at, field in enumerate(fields)]
    mapping = {column.header: field for column, field in zip(columns, fields, strict=True)}
    return Reader(VOCABULARY, mapping, columns, learned=learned or {}, this_year=2026)


def read(
    learned: Mapping[tuple[str, str], str] | None = None, headers: Mapping[str, str] | None = None, **cells: str
) -> Read:
    return reader(*cells, headers=headers, learned=learned).read(SheetRow(7, tuple(cells.values())))


def known(got: Read, *fields: str) -> tuple[Any, ...]:
    return tuple(getattr(got.facts, field) for field in fields)


def codes(got: Read) -> list[str]:
    return [trouble.code for trouble in (*got.problems, *got.doubts)]


CARS = {
    "Toyota Corolla GLi 1.3 2015 for sale in Lahore": ("toyota", "corolla", "gli", 2015, "lahore"),
    "Suzuki Wagon R VXL 2019 Gujrat": ("suzuki", "wagon-r", "vxl", 2019, "gujrat"),
    "suzuki wagonr 2018": ("suzuki", "wagon-r", None, 2018, None),
    "HONDA CITY 1.3 i-VTEC 2016 in Rawalpindi": ("honda", "city", "1-3-i-vtec", 2016, "rawalpindi"),
    "Civic Oriel 1.8 i-VTEC CVT 2018": ("honda", "civic", "oriel-1-8-i-vtec-cvt", 2018, None),
    "Toyota Land Cruiser Prado TX 2.7 2018": ("toyota", "prado", None, 2018, None),
    "Toyota Corolla Axio X 1.5 2014": ("toyota", "corolla-axio", None, 2014, None),
    "Mercedes Benz C180 2016 Islamabad": ("mercedes-benz", "c-class", None, 2016, "islamabad"),
    "BMW 320i 2017": ("bmw", "3-series", None, 2017, None),
    "Range Rover Vogue 2020": ("land-rover", "range-rover", None, 2020, None),
    "Peugeot 2008 Active 2022": ("peugeot", "2008", None, 2022, None),
    "Corolla2015": ("toyota", "corolla", None, 2015, None),
    "ٹویوٹا کرولا ۲۰۱۵ لاہور میں برائے فروخت": ("toyota", "corolla", None, 2015, "lahore"),
    "سوزوکی مہران 2012 کراچی": ("suzuki", "mehran", None, 2012, "karachi"),
    "2019 KIA Sportage AWD": ("kia", "sportage", "awd", 2019, None),
    "Suzki Cultus VXR 2019": ("suzuki", "cultus", "vxr", 2019, None),
    "Toyota Corola XLI 2012": ("toyota", "corolla", "xli", 2012, None),
    "Haval H6 HEV 2024 Multan": ("haval", "h6", "hev", 2024, "multan"),
    "Honda N-WGN Custom 2018": ("honda", "n-wgn", None, 2018, None),
    "MG HS Trophy 2021 2000 cc": ("mg", "hs", "trophy", 2021, None),
    "Daihatsu Mira e:S 2016": ("daihatsu", "mira", None, 2016, None),
}


@pytest.mark.parametrize(("title", "car"), CARS.items(), ids=CARS.keys())
def test_a_title_tells_the_car(title: str, car: tuple[Any, ...]) -> None:
    got = read(title=title)

    assert known(got, "make", "model", "variant", "year", "city") == car
    assert codes(got) == []


@pytest.mark.parametrize(
    ("make", "model", "found"),
    [
        ("Range", "Rover Vogue", ("land-rover", "range-rover")),
        ("Mercedes", "Benz E", ("mercedes-benz", "e-class")),
        ("", "Cultus", ("suzuki", "cultus")),
        ("", "City", ("honda", "city")),
        ("TOYOTA", "COROLLA GLI", ("toyota", "corolla")),
        ("Toyata", "Corolla", ("toyota", "corolla")),
        ("MG", "4", ("mg", "mg4")),
        ("ہونڈا", "سوک", ("honda", "civic")),
        ("Honda", "Honda Civic 2018", ("honda", "civic")),
    ],
)
def test_make_and_model_of_their_own(make: str, model: str, found: tuple[str, str]) -> None:
    got = read(make=make, model=model)

    assert known(got, "make", "model") == found
    assert codes(got) == []


@pytest.mark.parametrize(
    ("cells", "make", "code", "unknown"),
    [
        ({"make": "Subaru", "model": "Stella"}, None, "make_unknown", ("make", "Subaru")),
        ({"make": "Daihatsu", "model": "Terios Kid 2002"}, "daihatsu", "model_unknown", ("model", "Terios Kid")),
        ({"make": "Mitsubishi", "model": "Pajero Mini"}, "mitsubishi", "model_unknown", ("model", "Pajero Mini")),
        ({"make": "Toyota", "model": "Corona"}, "toyota", "model_unknown", ("model", "Corona")),
        ({"make": "Toyota", "model": "Civic"}, "toyota", "make_contradicts", None),
        ({"make": "Suzuki", "title": "Haval Jolion 2025"}, "suzuki", "make_contradicts", None),
        ({"make": "Honda", "model": "City", "title": "Honda Civic 2018"}, "honda", "model_contradicts", None),
        ({"title": "Fifty cows"}, None, "make_unknown", None),
    ],
)
def test_a_car_that_is_not_clear_is_a_draft(
    cells: dict[str, str], make: str | None, code: str, unknown: tuple[str, str] | None
) -> None:
    got = read(**cells)

    assert known(got, "make", "model") == (make, None)
    assert code in codes(got)
    assert got.problems == ()
    assert got.unknown == ((unknown,) if unknown else ())


def test_the_longer_name_of_two_that_agree() -> None:
    assert known(read(make="Toyota", model="Corolla", title="Toyota Corolla Cross 2024"), "model") == ("corolla-cross",)


def test_what_was_learned_counts() -> None:
    learned = {
        ("make", "subaru"): "suzuki", ("model", "Terios Kid"): "daihatsu/move", ("city", "Walled City"): "lahore",
        ("fuel", "Gas"): "cng", ("colour", "Imperial Umber"): "brown", ("registered_in", "LZH"): "lahore",
        ("transmission", "x-tronic"): "",
    }  # fmt: skip
    got = read(
        learned, make="Daihatsu", model="Terios Kid 2012", city="walled city", fuel="Gas", colour="Imperial  Umber",
        registered_in="lzh", transmission="X-Tronic",
    )  # fmt: skip

    assert known(got, "model", "city", "fuel", "colour", "registered_in", "transmission") == (
        "move", "lahore", "cng", "brown", "lahore", None,
    )  # fmt: skip
    assert (codes(got), got.unknown) == ([], ())


def test_unknown_words_are_told_and_nothing_is_made_of_them() -> None:
    got = read(title="Kia Picanto 2021", fuel="Kerosene", transmission="Z", city="Atlantis", colour="Umber", body="N/A")

    assert known(got, "fuel", "transmission", "city", "colour", "body") == (None, None, None, "umber", "hatchback")
    assert set(got.unknown) == {("fuel", "Kerosene"), ("transmission", "Z"), ("city", "Atlantis"), ("colour", "Umber")}
    assert codes(got) == []


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        ({"title": "", "asking_price": "42 lakh"}, "no_car", "", ""),
        ({"title": "-", "asking_price": "Total"}, "no_car", "", ""),
        ({"title": "Kia Picanto 2021", "asking_price": "$9,000"}, "other_currency", "Asking_Price", "$9,000"),
        ({"title": "Kia Picanto 2021", "asking_price": "9000", "currency": "USD"}, "other_currency", "Currency", "USD"),
        ({"title": "Kia Picanto 2021", "asking_price": "-1"}, "price_impossible", "Asking_Price", "-1"),
        ({"title": "Kia Picanto 2021", "odometer_km": "-5 km"}, "km_impossible", "Odometer_Km", "-5 km"),
        ({"title": "Kia Picanto", "year": "1820"}, "year_impossible", "Year", "1820"),
        ({"title": "Kia Picanto", "engine_cc": "99999"}, "engine_impossible", "Engine_Cc", "99999"),
        ({"title": "Kia Picanto", "stock_number": "x" * 41}, "stock_number_too_long", "Stock_Number", "x" * 41),
    ],
)
def test_a_wrong_row_is_rejected(cells: dict[str, str], code: str, column: str, value: str) -> None:
    got = read(**cells)

    assert got.facts is None
    assert (column, value, code) in [(one.column, one.value, one.code) for one in got.problems]


def test_cells_that_slipped_are_rejected() -> None:
    got = reader("title", "asking_price").read(SheetRow(3, ("Kia Picanto 2021", "42"), ("50", "000")))

    assert (got.facts, codes(got), got.problems[0].value) == (None, ["too_many_cells"], "50 | 000")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"title": "Kia Picanto 2021", "asking_price": "5.5"}, "price_unclear"),
        ({"title": "Kia Picanto 2021", "asking_price": "25 lakh / 27 lakh"}, "several_prices"),
        ({"title": "Suzuki Mehran 2017", "asking_price": "13 crore"}, "price_unlikely"),
        ({"title": "Kia Picanto 2021", "year": "2015"}, "year_contradicts"),
        ({"title": "Kia Picanto 2021 import 2023"}, "year_unclear"),
        ({"title": "Kia Picanto 1985"}, "year_unlikely"),
        ({"title": "Kia Picanto 2020", "odometer_km": "12"}, "km_unlikely"),
        ({"title": "Kia Picanto 2020", "odometer_km": "about 50-60"}, "km_unclear"),
        ({"title": "Kia Picanto 2020", "seller_phone": "12345"}, "phone_unclear"),
        ({"title": "Kia Picanto 2020", "import_year": "last"}, "import_year_unclear"),
        ({"title": "Kia Picanto 2020", "engine_cc": "1"}, "engine_unclear"),
    ],
)
def test_a_doubtful_row_is_kept_with_its_doubt(cells: dict[str, str], code: str) -> None:
    got = read(**cells)

    assert known(got, "make", "model") in (("kia", "picanto"), ("suzuki", "mehran"))
    assert (codes(got), got.problems) == ([code], ())


def test_every_code_has_its_words() -> None:
    said = {"no_car", "too_many_cells", "other_currency", "several_prices", "price_unlikely", "import_year_unclear"}

    assert said <= set(ROWS)


def test_bare_figures_by_model_and_year() -> None:
    assert known(read(title="Toyota Prado 2018", asking_price="2.65"), "asking_price") == (26_500_000,)
    assert known(read(title="Suzuki Alto 2021", asking_price="24.5"), "asking_price") == (2_450_000,)
    assert known(read(title="Kia Picanto 2021", asking_price="2450000"), "asking_price") == (2_450_000,)
    assert known(read(title="Suzuki Alto 2021", asking_price="2.45"), "asking_price") == (None,)


def test_a_model_we_do_not_know_is_judged_by_its_engine() -> None:
    got = read(make="Nissan", model="Moco", year="2012", engine_cc="660", asking_price="20.5")

    assert known(got, "asking_price") == (2_050_000,)


def test_the_heading_says_lakh() -> None:
    got = read(headers={"asking_price": "Price (Lacs)"}, title="Toyota Prado 2018", asking_price="2.65")

    assert (known(got, "asking_price"), codes(got)) == ((265_000,), ["price_unlikely"])


def test_call_for_price() -> None:
    got = read(title="Kia Picanto 2021", asking_price="Call for price")

    assert (known(got, "asking_price", "call_for_price"), codes(got)) == ((None, True), [])


def test_the_whole_car() -> None:
    got = read(
        stock_number=" KHI-0142 ", make="Toyota", model="Aqua", variant="S", year="2018", asking_price="55 lakh",
        odometer_km="73,000 km", city="Karachi", branch="Tariq Road", engine_cc="1500 cc", fuel="Hybrid",
        transmission="Auto", body="Hatch back", colour="Pearl White", assembly="Imported", registered_in="Sindh",
        condition="Used", description="One owner.\r\nNo touching.", images="https://a.pk/1.jpg, https://a.pk/2.jpg",
        import_year="2021", auction_grade="4.5", token_paid_to="Jun 2027", documents="Complete", paint="Total genuine",
        seller_phone="0300 1234567", url="https://www.ravi.pk/cars/142?utm_source=x", title="Toyota Aqua S 2018",
    )  # fmt: skip

    assert msgspec.to_builtins(got.facts) == {
        "make": "toyota", "model": "aqua", "variant": None, "year": 2018, "asking_price": 5_500_000,
        "call_for_price": False, "odometer_km": 73_000, "city": "karachi", "branch": "Tariq Road", "engine_cc": 1500,
        "fuel": "hybrid", "transmission": "automatic", "body": "hatchback", "colour": "white", "assembly": "jdm",
        "registered_in": "sindh", "condition": "used", "stock_number": "KHI-0142", "title": "Toyota Aqua S 2018",
        "description": "One owner.\nNo touching.", "url": "https://www.ravi.pk/cars/142?utm_source=x",
        "images": ("https://a.pk/1.jpg", "https://a.pk/2.jpg"), "import_year": 2021, "auction_grade": "4.5",
        "token_paid_to": "Jun 2027", "documents": "Complete", "paint": "Total genuine", "seller_phone": "+923001234567",
    }  # fmt: skip
    assert (got.key, got.derived, got.number, codes(got), got.unknown) == ("KHI-0142", False, 7, [], ())


def test_battery_of_an_electric_car_is_no_engine() -> None:
    got = read(title="Audi e-tron 2021", fuel="Electric", engine_cc="95")

    assert (known(got, "engine_cc"), codes(got)) == ((None,), [])


def test_the_city_in_the_address_of_the_page() -> None:
    address = "https://cars.example/used-cars/kia-picanto-2021-for-sale-in-rahim-yar-khan-7303974"

    assert known(read(title="Kia Picanto 2021", url=address), "city") == ("rahim-yar-khan",)
    assert known(read(title="Kia Picanto 2021", url=address, city="Lahore"), "city") == ("lahore",)
    assert known(read(title="Kia Picanto 2021", url=address, city="Atlantis"), "city") == (None,)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://a.pk/x", "https://", "a.pk/x"])
def test_what_is_no_address_is_told(address: str) -> None:
    got = read(title="Kia Picanto 2021", url=address, images=address)

    assert known(got, "url", "images") == (None, ())
    assert ("url", address) in got.unknown


def test_miles_of_a_neighbouring_cell() -> None:
    assert known(read(title="Kia Picanto 2020", odometer_km="52000", odometer_unit="miles"), "odometer_km") == (83_686,)


def test_keys_without_a_stock_number() -> None:
    one = read(title="Kia Picanto 2021", url="https://www.a.pk/Cars/1/?utm_source=x#top", asking_price="25 lakh")
    other = read(title="Kia Stonic 2021", url="http://a.pk/Cars/1", asking_price="45 lakh")
    cheap, dear = (
        read(title="Kia Picanto 2021", asking_price=price, odometer_km="9000") for price in ("25 lakh", "27 lakh")
    )
    driven = read(title="Kia Picanto 2021", asking_price="25 lakh", odometer_km="9100")

    assert one.derived
    assert one.key == other.key
    assert one.key.startswith("url:")
    assert cheap.key == dear.key != driven.key
    assert cheap.source_hash != dear.source_hash


def test_unchanged_rows_are_told_by_their_hash() -> None:
    one = read(title="Kia Picanto 2021", asking_price="25 lakh", fuel="Petrol")
    said_otherwise = read(title="Kia Picanto 2021", asking_price="2,500,000", fuel="پیٹرول")
    doubted = read(title="Kia Picanto 2021", asking_price="25 lakh / 26 lakh", fuel="Petrol")

    assert one.source_hash == said_otherwise.source_hash != doubted.source_hash


def test_keys_and_hashes_are_the_same_tomorrow() -> None:
    """They are kept in the database: another answer here would update every car of every dealer."""
    got = read(make="Kia", model="Picanto", year="2021", asking_price="25 lakh")

    assert (got.key, got.source_hash.hex()) == ("car:daacb4b1f4ad5c97db244c6b", "d6d6f1d2c3aec1c7d126077b177f813a")


@pytest.mark.parametrize(
    ("make", "model", "title"),
    [
        ("BMW", "BMW 7 Series", "BMW 7 Series"),
        ("bmw", "B.M.W. 7 Series", "B.M.W. 7 Series"),
        ("Mercedes Benz", "MERCEDES-BENZ Unheard", "MERCEDES-BENZ Unheard"),
        ("Toyota", "Corona", "Toyota Corona"),
        ("Mini", "Minilike", "Mini Minilike"),
        ("Toyota", "", "Toyota"),
        ("", "Corona", "Corona"),
    ],
)
def test_a_make_stands_once_in_the_title_of_an_unknown_model(make: str, model: str, title: str) -> None:
    got = read(make=make, model=model)

    assert known(got, "model", "title") == (None, title)
