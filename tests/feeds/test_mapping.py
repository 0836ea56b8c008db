"""Columns find their fields by memory, by heading, by content, and never two of them the same."""

from pathlib import Path

import pytest

from app.core.i18n import translations
from app.feeds.rules import FIELDS, Vocabulary, check, open_sheet, propose
from app.feeds.rules.headers import field_of, unit_of
from app.feeds.rules.words import FILES, LABELS, MAPPINGS, NOTES, ROWS
from tests.feeds.made import put, text

VOCABULARY = Vocabulary.shipped()
NAMES = {
    "stock_number": ("Stock No", "stock_number", "StockNumber", "STOCK#", "SKU", "اسٹاک نمبر"),
    "make": ("Make", "Manufacturer", "Brand", "کمپنی"),
    "model": ("Model Name", "model_name", "ماڈل"),
    "year": ("Year", "Model Year", "modelYear", "model saal", "سال", "YOM"),
    "asking_price": ("Price", "qeemat", "قیمت", "Demand", "Price (PKR)", "Asking Price in Lacs", "PRICE",
    "price.value"),
    "odometer_km": ("Mileage", "KMs Driven", "Driven", "چلی ہوئی", "odometer_km", "Mileage (km)", "Chali hui"),
    "city": ("City", "شہر", "shehar", "Location"),
    "engine_cc": ("Engine CC", "Engine Displacement", "engine.capacity", "انجن"),
    "fuel": ("Fuel Type", "Engine_type", "ایندھن"),
    "transmission": ("Transmission", "Gear", "گیئر"),
    "colour": ("Color", "Exterior Colour", "rang", "رنگ"),
    "registered_in": ("Registered In", "Reg. City", "رجسٹریشن"),
    "url": ("page_link", "URL", "لنک"),
    "images": ("Image 1", "photo_urls", "images.url", "تصاویر"),
    "token_paid_to": ("Token Paid Till", "ٹوکن"),
    "auction_grade": ("Auction Grade",),
    "seller_phone": ("Mobile No.", "فون نمبر"),
}  # fmt: skip


@pytest.mark.parametrize(("header", "field"), [(header, field) for field, names in NAMES.items() for header in names])
def test_heading(header: str, field: str) -> None:
    found = field_of(header)

    assert found is not None
    assert found[0] == field
    assert found[1] >= 0.5


@pytest.mark.parametrize("header", ["Remaining instalments of the bank", "Owner's CNIC", "x", "", "Column 3"])
def test_heading_of_nothing(header: str) -> None:
    assert field_of(header) is None


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Price (Lacs)", "lakh"),
        ("قیمت (لاکھ)", "lakh"),
        ("Price USD", "foreign"),
        ("Mileage (miles)", "miles"),
        ("Price", None),
    ],
)
def test_unit_in_a_heading(header: str, unit: str | None) -> None:
    assert unit_of(header) == unit


def guesses(tmp_path: Path, rows: list[tuple[str, ...]], kept: dict[str, str | None] | None = None) -> dict[str, tuple]:
    sheet = open_sheet(put(tmp_path, text(rows)))
    found = propose(sheet.columns, kept=kept, vocabulary=VOCABULARY)
    return {header: (guess.field, guess.why) for header, guess in found.items()}


def test_a_model_column_of_years_is_the_year(tmp_path: Path) -> None:
    rows = [
        ("Company", "Model_name", "Model"),
        ("Kia", "Picanto", "2020"),
        ("Suzuki", "Alto", "2021"),
        ("MG", "HS", "2022"),
    ]

    assert guesses(tmp_path, rows) == {
        "Company": ("make", "header"),
        "Model_name": ("model", "header"),
        "Model": ("year", "content"),
    }


def test_content_where_headings_say_nothing(tmp_path: Path) -> None:
    rows = [
        ("A", "B", "C", "D", "E", "F", "G"),
        ("Kia", "2020", "29 lakh", "https://a.pk/1", "Petrol", "48,000 km", "https://a.pk/1.jpg"),
        ("Suzuki", "2021", "26 lac", "https://a.pk/2", "CNG", "30,100 km", "https://a.pk/2.jpg"),
        ("Honda", "2014", "1.1 crore", "https://a.pk/3", "Diesel", "99,000 km", "https://a.pk/3.jpg"),
    ]

    assert {header: field for header, (field, _why) in guesses(tmp_path, rows).items()} == {
        "A": "make", "B": "year", "C": "asking_price", "D": "url", "E": "fuel", "F": "odometer_km", "G": "images",
    }  # fmt: skip


def test_what_was_kept_wins_and_needs_no_click(tmp_path: Path) -> None:
    rows = [("Make", "Model", "Ref", "Price"), ("Kia", "Picanto", "K1", "29 lakh"), ("Kia", "Stonic", "K2", "42 lakh")]
    kept = {"make": "make", "Model": "model", "Ref": None, "Price": "asking_price", "Gone": "year"}

    assert guesses(tmp_path, rows, kept) == {
        "Make": ("make", "kept"),
        "Model": ("model", "kept"),
        "Ref": (None, "kept"),
        "Price": ("asking_price", "kept"),
    }


def test_no_field_twice(tmp_path: Path) -> None:
    rows = [("Price", "Demand", "Make", "Brand", "Title"), ("29 lakh", "28 lakh", "Kia", "Kia", "Kia Picanto 2020")] * 2
    fields = [field for field, _why in guesses(tmp_path, rows[:1] + rows[1:2] * 3).values() if field]

    assert len(fields) == len(set(fields))
    assert {"asking_price", "make", "title"} <= set(fields)


def test_unmatched_is_not_imported(tmp_path: Path) -> None:
    rows = [("Make", "Model", "Instalment plan"), ("Kia", "Picanto", "plan A"), ("Kia", "Stonic", "plan B")]

    assert guesses(tmp_path, rows)["Instalment plan"] == (None, None)


def test_photos_may_have_several_columns(tmp_path: Path) -> None:
    rows = [("Make", "Model", "Image 1", "Image 2"), ("Kia", "Picanto", "https://a.pk/1.jpg", "https://a.pk/2.jpg")]
    found = guesses(tmp_path, rows)

    assert (found["Image 1"][0], found["Image 2"][0]) == ("images", "images")
    assert check({header: field for header, (field, _why) in found.items()}) == []


def test_check_names_both_columns() -> None:
    problems = check({"Price": "asking_price", "Demand": "asking_price", "Car": "title", "X": None})

    assert [(problem.code, problem.field, problem.columns) for problem in problems] == [
        ("same_field", "asking_price", ("Price", "Demand"))
    ]


@pytest.mark.parametrize(
    ("mapping", "codes"),
    [
        ({"Price": "asking_price"}, ["no_car"]),
        ({"Make": "make"}, ["no_car"]),
        ({"Make": "make", "Model": "model"}, []),
        ({"Car": "title"}, []),
        ({"Car": "title", "X": "wheels"}, ["unknown_field"]),
    ],
)
def test_check(mapping: dict[str, str | None], codes: list[str]) -> None:
    assert [problem.code for problem in check(mapping)] == codes


def test_check_knows_the_columns(tmp_path: Path) -> None:
    columns = open_sheet(put(tmp_path, text())).columns

    assert [problem.code for problem in check({"Gone": "title"}, columns)] == ["unknown_column"]


def test_everything_that_is_said_is_said_in_urdu() -> None:
    urdu = translations("ur")
    pairs = [*ROWS.values(), *MAPPINGS.values()]
    said = [*FILES.values(), *NOTES.values(), *LABELS.values()]
    said += [text for words in pairs for text in (words.message, words.hint)]

    assert set(LABELS) == set(FIELDS)
    assert [text for text in said if urdu.gettext(text) == text] == []
