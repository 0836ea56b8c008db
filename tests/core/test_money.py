"""Rupees, by the vectors of the trade."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import CRORE, LAKH, MOST, AmountUnclear, parse_pkr, pkr, pkr_full

FORTY_TWO_AND_A_HALF_LAKH = (
    "42.5 lakh", "42.5 lac", "42.5lacs", "4250000", "42,50,000", "Rs. 4,250,000/-", "PKR 42.5 Lacs", "۴۲٫۵ لاکھ",
    "42 lakh 50 hazar", "42.5 لاکھ روپے", "٤٢٫٥ لاکھ", "4,250,000.00", "  Rs42,50,000/= only ",
    "4.25 million", "0.425 crore",
)  # fmt: skip


@pytest.mark.parametrize("typed", FORTY_TWO_AND_A_HALF_LAKH)
def test_the_ways_to_type_forty_two_and_a_half_lakh(typed: str) -> None:
    assert parse_pkr(typed) == 4_250_000


@pytest.mark.parametrize("typed", ["1.45 crore", "1.45 cr", "1 crore 45 lakh", "1.45 کروڑ", "1crore45lakh"])
def test_the_ways_to_type_a_crore_and_more(typed: str) -> None:
    assert parse_pkr(typed) == 14_500_000


@pytest.mark.parametrize("typed", ["Call for price", "call", "", "  ", "قیمت کے لیے کال کریں"])
def test_call_for_price_is_no_price(typed: str) -> None:
    assert parse_pkr(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["42.5", "42", "42,5", "4,25,00", "42.5 lakhx", "lakh", "PKR", "-5 lakh", "45 lakh 1 crore", "1 crore 145 lakh",
     "1 lakh 2 lakh",     "12 13", "1.000001 lakh", "9" * 30, "1e9", "42.5 lakh or 45 lakh"],
)  # fmt: skip
def test_what_could_mean_two_things_is_asked_for_again(typed: str) -> None:
    with pytest.raises(AmountUnclear):
        parse_pkr(typed)


@pytest.mark.parametrize(
    ("rupees", "english", "urdu"),
    [
        (0, "PKR 0", "0 روپے"),
        (85_000, "PKR 85,000", "85,000 روپے"),
        (99_999, "PKR 99,999", "99,999 روپے"),
        (100_000, "PKR 1 lakh", "1 لاکھ روپے"),
        (4_250_000, "PKR 42.5 lakh", "42.5 لاکھ روپے"),
        (9_999_999, "PKR 99.99 lakh", "99.99 لاکھ روپے"),
        (10_000_000, "PKR 1 crore", "1 کروڑ روپے"),
        (14_500_000, "PKR 1.45 crore", "1.45 کروڑ روپے"),
    ],
)
def test_the_short_form(rupees: int, english: str, urdu: str) -> None:
    assert pkr(rupees) == english
    assert pkr(rupees, "ur") == urdu


def test_the_full_figure_is_grouped_in_thousands() -> None:
    assert pkr_full(4_250_000) == "PKR 4,250,000"
    assert pkr_full(4_250_000, "ur") == "4,250,000 روپے"


@given(st.integers(1000, MOST))
def test_every_full_figure_reads_back(rupees: int) -> None:
    assert parse_pkr(pkr_full(rupees)) == rupees
    assert parse_pkr(pkr_full(rupees, "ur")) == rupees


@given(st.integers(1000, MOST))
def test_the_short_form_reads_back_to_less_than_a_hundredth_of_its_unit(rupees: int) -> None:
    unit = 1 if rupees < LAKH else LAKH if rupees < CRORE else CRORE
    for lang in ("en", "ur"):
        read = parse_pkr(pkr(rupees, lang))

        assert read is not None
        assert 0 <= rupees - read <= unit // 100


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(typed: str) -> None:
    try:
        read = parse_pkr(typed)
    except AmountUnclear:
        return
    assert read is None or 0 <= read <= MOST
