"""Cursors mean something only where they came from."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import NotFound
from app.core.ids import Id, new_id
from app.core.paging import Cursors, cut

OURS = Cursors(secret="s" * 32, list_name="members", org_id=new_id())


def test_a_cursor_brings_its_key_back():
    who = new_id()

    assert OURS.decode(OURS.encode("Kim", who), tuple[str, Id]) == ("Kim", who)
    assert OURS.decode(None, tuple[str, Id]) is None
    assert OURS.decode("", tuple[str, Id]) is None


@pytest.mark.parametrize(
    "elsewhere",
    [Cursors(secret="s" * 32, list_name="members", org_id=new_id()),
     Cursors(secret="s" * 32, list_name="branches", org_id=OURS.org_id),
     Cursors(secret="t" * 32, list_name="members", org_id=OURS.org_id)],
)  # fmt: skip
def test_a_cursor_of_another_org_or_list_is_a_missing_one(elsewhere):
    with pytest.raises(NotFound):
        elsewhere.decode(OURS.encode("Kim"), tuple[str])


@given(st.text())
def test_junk_is_a_missing_cursor(junk):
    if junk:
        with pytest.raises(NotFound):
            OURS.decode(junk, tuple[str])


@given(st.integers(0, 200), st.integers(0, 7))
def test_a_cursor_with_any_bit_changed_is_a_missing_one(place, bit):
    raw = bytearray(urlsafe_b64decode(OURS.encode("Kim", 7) + "=="))
    raw[place % len(raw)] ^= 1 << bit

    with pytest.raises(NotFound):
        OURS.decode(urlsafe_b64encode(raw).rstrip(b"=").decode(), tuple[str, int])


def test_a_signed_key_of_another_shape_is_a_missing_one():
    with pytest.raises(NotFound):
        OURS.decode(OURS.encode("Kim"), tuple[int])


def test_one_row_more_than_asked_tells_that_there_is_more():
    assert cut([1, 2, 3], 2) == ([1, 2], True)
    assert cut([1, 2], 2) == ([1, 2], False)
