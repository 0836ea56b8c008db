"""Questions to the market become filters; what is not understood stays words."""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.listings.schemas import ListingSearchForm
from app.search.rules import Lexicon, Understood, understand

_NOTHING = ListingSearchForm()
_THIS_YEAR = 2026


def _understood(lexicon: Lexicon, q: str, **ticked: Any) -> Understood:
    return understand(ListingSearchForm(q=q, **ticked), lexicon, _THIS_YEAR)


def _filters(lexicon: Lexicon, q: str, **ticked: Any) -> dict[str, Any]:
    """Everything that differs from a question that asks nothing; of one value only that."""
    asked = _understood(lexicon, q, **ticked).asked
    found = {name: getattr(asked, name) for name in asked.__struct_fields__}
    return {
        name: value[0] if isinstance(value, tuple) and len(value) == 1 else value
        for name, value in found.items()
        if value != getattr(_NOTHING, name)
    }


CIVIC = {"make": "honda", "model": "civic"}
COROLLA = {"make": "toyota", "model": "corolla"}
ALTO = {"make": "suzuki", "model": "alto"}
MEHRAN = {"make": "suzuki", "model": "mehran"}
CITY = {"make": "honda", "model": "city"}


@pytest.mark.parametrize(
    ("q", "filters"),
    [
        (
            "civic under 60 lakh lahore auto",
            {**CIVIC, "price_max": 6_000_000, "city": "lahore", "transmission": "automatic"},
        ),
        ("corolla 2015 to 2018 karachi", {**COROLLA, "year_min": 2015, "year_max": 2018, "city": "karachi"}),
        ("20 lac tak mehran", {**MEHRAN, "price_max": 2_000_000}),
        ("1300cc automatic", {"cc_min": 1250, "cc_max": 1350, "transmission": "automatic"}),
        (
            "alto vxr 2021 white low mileage",
            {
                **ALTO, "trim": ("vxr", "vxr-ags"), "year_min": 2021, "year_max": 2021, "colour": "white",
                "sort": "km_asc",
            },
        ),
        ("کرولا ۲۰۱۸ لاہور", {**COROLLA, "year_min": 2018, "year_max": 2018, "city": "lahore"}),
        ("1 crore se kam", {"price_max": 10_000_000}),
        ("50-60 lakh", {"price_min": 5_000_000, "price_max": 6_000_000}),
        ("20 se 30 lakh tak", {"price_min": 2_000_000, "price_max": 3_000_000}),
        ("under 60 lakh", {"price_max": 6_000_000}),
        ("civic under 60", {**CIVIC, "price_max": 6_000_000}),
        ("4.5 million tak", {"price_max": 4_500_000}),
        ("sarhe 12 lakh tak mehran", {**MEHRAN, "price_max": 1_250_000}),
        ("derh crore se zyada", {"price_min": 15_000_000}),
        ("1 crore 20 lakh se kam", {"price_max": 12_000_000}),
        ("above 20 lakh under 30 lakh", {"price_min": 2_000_000, "price_max": 3_000_000}),
        ("Rs. 42,50,000 tak", {"price_max": 4_250_000}),
        ("corolla 45 lakh", {**COROLLA, "price_min": 4_050_000, "price_max": 4_950_000}),
        ("budget 50 lakh", {"price_max": 5_000_000}),
        ("۵۰ لاکھ سے کم", {"price_max": 5_000_000}),
        ("۵۰ لاکھ سے زیادہ", {"price_min": 5_000_000}),
        ("2018 se upar corolla", {**COROLLA, "year_min": 2018}),
        ("corolla 2015-18", {**COROLLA, "year_min": 2015, "year_max": 2018}),
        ("2k18 civic", {**CIVIC, "year_min": 2018, "year_max": 2018}),
        ("civic 2016 model ke baad", {**CIVIC, "year_min": 2016}),
        ("50000 km se kam", {"km_max": 50_000}),
        ("80 hazar km tak alto", {**ALTO, "km_max": 80_000}),
        ("under 1000cc", {"cc_max": 1000}),
        ("hybrid", {"fuel": "hybrid"}),
        ("jeep", {"body": "suv"}),
        ("auto", {"transmission": "automatic"}),
        ("آٹومیٹک", {"transmission": "automatic"}),
        ("imported", {"assembly": ("jdm", "cbu")}),
        ("local", {"assembly": "local"}),
        ("gari lahore mein chahiye sasti", {"city": "lahore", "sort": "price_asc"}),
        ("with auction sheet", {"auction": "sheet"}),
        ("bumper to bumper genuine", {"paint": "genuine"}),
        ("super white civic", {**CIVIC, "colour": "white"}),
        ("lahore registered corolla", {**COROLLA, "registered": "lahore"}),
        ("islamabad number civic karachi", {**CIVIC, "registered": "islamabad", "city": "karachi"}),
        ("civic near islamabad", {**CIVIC, "near": "islamabad"}),
        ("alto within 100 km of lahore", {**ALTO, "near": "lahore", "radius": 100}),
        ("لاہور کے قریب آلٹو", {**ALTO, "near": "lahore"}),
        ("alto with photos", {**ALTO, "photos": True}),
        ("civic or corolla", {"make": ("honda", "toyota"), "model": ("civic", "corolla")}),
    ],
)  # fmt: skip
def test_a_question_becomes_filters(lexicon: Lexicon, q: str, filters: dict[str, Any]) -> None:
    assert _filters(lexicon, q) == filters


@pytest.mark.parametrize(
    ("q", "filters"),
    [
        ("honda city", CITY),
        ("city", CITY),
        ("city lahore", {**CITY, "city": "lahore"}),
        ("lahore city", {"city": "lahore"}),
        ("civic in city islamabad", {**CIVIC, "city": "islamabad"}),
        ("city 2018 karachi city", {**CITY, "year_min": 2018, "year_max": 2018, "city": "karachi"}),
        ("peugeot 2008 2022", {"make": "peugeot", "model": "2008", "year_min": 2022, "year_max": 2022}),
        ("civic 2008", {**CIVIC, "year_min": 2008, "year_max": 2008}),
        ("range rover", {"make": "land-rover", "model": "range-rover"}),
        ("alpha", {"make": "united", "model": "alpha"}),
        ("sportage alpha", {"make": "kia", "model": "sportage", "trim": "alpha"}),
        ("pearl white prado", {"make": "toyota", "model": "prado", "colour": "white"}),
        ("prince pearl", {"make": "prince", "model": "pearl"}),
        ("corolla spacio", {"q": "corolla spacio"}),
        ("auto", {"transmission": "automatic"}),
        ("benz c180", {"make": "mercedes-benz", "model": "c-class"}),
        ("bmw 330i", {"make": "bmw", "model": "3-series"}),
        ("کیا سپورٹیج", {"make": "kia", "model": "sportage"}),
        ("mg hs", {"make": "mg", "model": "hs"}),
        ("br-v", {"make": "honda", "model": "br-v"}),
        ("vigo", {"make": "toyota", "model": "hilux", "trim": "vigo-champ-g"}),
    ],
)  # fmt: skip
def test_a_word_with_two_meanings_is_taken_by_what_stands_beside_it(
    lexicon: Lexicon, q: str, filters: dict[str, Any]
) -> None:
    assert _filters(lexicon, q) == filters


@pytest.mark.parametrize(
    ("q", "meant", "filters"),
    [
        ("kerola", "Corolla", COROLLA),
        ("carolla", "Corolla", COROLLA),
        ("sivic", "Civic", CIVIC),
        ("civc", "Civic", CIVIC),
        ("mehraan", "Mehran", MEHRAN),
        ("land kruzer", "Land Cruiser", {"make": "toyota", "model": "land-cruiser"}),
        ("suzki", "Suzuki", {"make": "suzuki"}),
        ("hoda", "Honda", {"make": "honda"}),
        ("vezl", "Vezel", {"make": "honda", "model": "vezel"}),
        ("faislabad", "Faisalabad", {"city": "faisalabad"}),
        ("فارچونر", "Fortuner", {"make": "toyota", "model": "fortuner"}),
        ("honda siti", "City", CITY),
        ("toyota civic", "Honda", CIVIC),
    ],
)  # fmt: skip
def test_a_slip_is_corrected_and_told(lexicon: Lexicon, q: str, meant: str, filters: dict[str, Any]) -> None:
    understood = _understood(lexicon, q)

    assert _filters(lexicon, q) == filters
    assert [one.meant for one in understood.corrections] == [meant]


@pytest.mark.parametrize("q", ["sunroof", "alloy rims", "leather seats", "rust", "cost", "qwertyuiop", "xyz123"])
def test_words_that_are_no_names_stay(lexicon: Lexicon, q: str) -> None:
    understood = _understood(lexicon, q)

    assert understood.asked == ListingSearchForm(q=q)
    assert not understood.moved


def test_numbers_are_never_corrected(lexicon: Lexicon) -> None:
    assert _filters(lexicon, "corolla 2915") == {**COROLLA, "q": "2915"}
    assert _filters(lexicon, "alto 661cc")["cc_min"] == 611


def test_what_was_ticked_is_never_overridden(lexicon: Lexicon) -> None:
    cheap = _understood(lexicon, "civic under 60 lakh", price_max=5_000_000).asked
    toyota = _understood(lexicon, "civic lahore", make=("toyota",)).asked
    newest = _understood(lexicon, "sasti civic", sort="newest").asked

    assert (cheap.price_max, cheap.model, cheap.q) == (5_000_000, ("civic",), "")
    assert (toyota.make, toyota.model, toyota.city, toyota.q) == (("toyota",), (), ("lahore",), "civic")
    assert newest.sort == "newest"


def test_words_left_over_keep_their_spelling(lexicon: Lexicon) -> None:
    assert _filters(lexicon, "Civic Sunroof Lahore") == {**CIVIC, "city": "lahore", "q": "Sunroof"}


def test_words_in_quotation_marks_are_looked_for_as_they_are(lexicon: Lexicon) -> None:
    assert _filters(lexicon, '"kerola"') == {"q": '"kerola"'}
    assert _filters(lexicon, 'civic "city lahore" 2018') == {
        **CIVIC, "q": '"city lahore"', "year_min": 2018, "year_max": 2018,
    }  # fmt: skip
    assert _filters(lexicon, 'civic "lahore') == {**CIVIC, "city": "lahore"}


def test_every_part_says_how_it_was_understood(lexicon: Lexicon) -> None:
    notes = _understood(lexicon, "Sivic LHR auto 2018").notes

    assert {(one.field, one.said, one.how) for one in notes} >= {
        ("model", "Sivic", "alias"), ("city", "LHR", "alias"), ("transmission", "auto", "word"),
        ("year_min", "2018", "figure"),
    }  # fmt: skip


_VOCABULARY = """
civic corolla kerola city lahore under above 60 lakh lac 2015 to 2018 - auto hybrid white km 50000 1300 cc se kam tak
کرولا لاہور ۲۰۱۸ لاکھ سے کم near of registered number in ki hai gli vxr oriel rs crore k m l 8 ' " ( ) & | ! honda
toyota kia کیا میرا pearl fit range rover 1.3 2k18 , . + <> 42,50,000 sarhe derh low mileage
"""
_WORDS = st.lists(st.sampled_from(_VOCABULARY.split()), max_size=14).map(" ".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=_WORDS | st.text(max_size=80))
def test_asking_the_answer_again_changes_nothing(lexicon: Lexicon, q: str) -> None:
    """Chips are the address: an address that was made of a question must not be made anew of what it left."""
    asked = _understood(lexicon, q).asked
    again = understand(asked, lexicon, _THIS_YEAR).asked

    assert again == asked


@pytest.mark.parametrize(
    "q",
    [
        "a " * 5_000, "civic " * 2_000, "9" * 10_000, "کرولا" * 2_000, "corolla" * 1_500, "'\"&|!():*\\" * 500,
        '" OR tenant != 1', "civic & !lahore | (karachi)", "🚗" * 3_000, "🚗 civic 🔥",
        "\x00\x01civic\u202elahore\ufeff",
        "c\u0301i\u0301vic", "цивик", "シビック", "सिविक", "१२३ lakh", "²³ lakh", "٪٬٫", "-" * 9_000, "1,2,3,4,5,6,7,8",
        "1-2-3-4-5-6-7-8-9 lakh", "under under under", "to to to 5 to to", "1e999999 lakh",
        "99999999999999999999 crore",
        "\ud800 civic", "2015 2016 2017 2018 2019 2020", "<script>alert(1)</script>", "%00%ff", "_" * 400,
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered_in_bounded_time(lexicon: Lexicon, q: str) -> None:
    started = time.process_time()
    asked = _understood(lexicon, q).asked

    assert len(asked.q) <= 200
    assert time.process_time() - started < 2
