"""Phone numbers, by the vectors of the trade."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.phone import PhoneInvalid, mask_phone, parse_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    ["0300 1234567", "03001234567", "+923001234567", "00923001234567", "923001234567", "3001234567", "03 00-1234567",
     "+92 0300 1234567",      "۰۳۰۰ ۱۲۳۴۵۶۷", "0092 0300 1234567", "(0300) 123-4567"],
)  # fmt: skip
def test_every_way_to_type_a_mobile_number(typed: str) -> None:
    phone = parse_phone(typed)

    assert phone.e164 == "+923001234567"
    assert phone.reaches_whatsapp


def test_a_fixed_line_is_valid_and_gets_no_codes() -> None:
    phone = parse_phone("042-35761234")

    assert phone.e164 == "+924235761234"
    assert phone.kind == "fixed"
    assert not phone.reaches_whatsapp


@pytest.mark.parametrize(
    "typed", ["", "12345", "0300 123456", "abc", "0300 1234567 ext 5", "+92" * 20, "03001234567 03001234"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        parse_phone(typed)


def test_shown_as_it_is_dialled_here() -> None:
    assert show_phone("+923001234567") == "0300 1234567"
    assert show_phone("+447911123456") == "+44 7911 123456"
    assert mask_phone("+923001234567") == "0300 ••••567"


@given(st.sampled_from((300, 301, 312, 321, 333, 345)), st.integers(0, 9_999_999))
def test_what_is_shown_reads_back(network: int, rest: int) -> None:
    e164 = f"+92{network}{rest:07d}"

    assert parse_phone(show_phone(e164)).e164 == e164


@given(st.text(max_size=50))
def test_no_text_breaks_the_reader(typed: str) -> None:
    with contextlib.suppress(PhoneInvalid):
        assert parse_phone(typed).e164.startswith("+")
