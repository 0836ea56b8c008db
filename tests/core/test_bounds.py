"""What may come in as text, number, amount and moment."""

from datetime import date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.bounds import EmailText, Input, Int4, Rupees, ShortText, SlugText, clean_text


class Offer(Input):
    title: ShortText = "x"
    email: EmailText = "a@b.pk"
    slug: SlugText = "a"
    number: Int4 = 0
    price: Rupees = 0
    amount: Decimal = Decimal(0)
    at: datetime | None = None
    on: date | None = None
    tags: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [("  Ali\x00 Khan ", "Ali Khan"), ("\u202eabc\u2066", "abc"), ("e\u0301", "é"), ("a\r\nb\rc", "a\nb\nc"),
     ("علی\u200cخان", "علی\u200cخان"), ("a\u200fb", "a\u200fb"), ("\ufeffname", "name"), ("tab\there", "tab\there")],
)  # fmt: skip
def test_text_is_kept_clean_and_urdu_whole(given_text, kept):
    assert Offer(title=given_text).title == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_nothing_a_database_refuses(text):
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"title": "  "}, {"title": "\u202e"}, {"title": "a" * 81}, {"title": 1}, {"email": "a"},
     {"email": "a b@c.pk"}, {"slug": "A"}, {"slug": "-a"}, {"number": 2**31}, {"number": -(2**31) - 1},
     {"number": 10**400},
     {"price": -1}, {"price": 10**12}, {"amount": "NaN"}, {"amount": "Infinity"}, {"amount": "1e999999"},
     {"amount": "10000000000"}, {"amount": "0.001"}, {"at": "0001-01-01T00:00:00Z"},
     {"at": "9999-12-31T23:59:59-12:00"},
     {"at": "1999-12-31T23:59:59Z"}, {"on": "1885-01-01"}, {"org_id": "1"}],
)  # fmt: skip
def test_what_is_out_of_bounds_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Offer, strict=False)


def test_what_is_in_bounds_is_kept():
    offer = msgspec.convert(
        {"number": -(2**31), "price": 999_999_999_999, "amount": "9999999999.99", "at": "2026-02-01T05:00:00+05:00",
         "on": "1947-08-14", "tags": ["a\x00", "b"]},
        Offer, strict=False,
    )  # fmt: skip

    assert offer.amount == Decimal("9999999999.99")
    assert offer.at.isoformat() == "2026-02-01T00:00:00+00:00"
    assert offer.tags == ("a", "b")
