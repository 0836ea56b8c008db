"""Words, states and the truth table, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from app.listings import rules
from app.listings.rules import visibility


def test_words_are_compared_without_case_digits_marks_or_letter_variants() -> None:
    assert rules.tokens("Toyota COROLLA 1.8 ۲۰۱۹") == ["toyota", "corolla", "1", "8", "2019"]
    assert rules.fold("كرولا") == rules.fold("کرولا")
    assert rules.fold("ہونڈا سِوِک") == rules.fold("ہونڈا سوک")


def test_a_question_becomes_beginnings_of_words_and_nothing_else() -> None:
    assert rules.wanted("Corolla lahore") == "'corolla':* & 'lahore':*"
    assert rules.wanted("' | !(x) <-> :*") == "'x':*"
    assert rules.wanted("!!! 😀 ''") == ""
    assert len(rules.wanted("word " * 3000 + "x" * 500)) < 1000


def test_a_text_becomes_a_vector_with_weights() -> None:
    assert rules.weighed((("Corolla corolla", "A"), ("Lahore", "B"))) == "'corolla':1A 'lahore':1B"
    assert rules.weighed((("", "A"),)) == ""


@pytest.mark.parametrize(("text", "slug"), [("Toyota Corolla 1.8", "toyota-corolla-1-8"), ("کرولا", ""), ("é!", "e")])
def test_addresses_are_latin(text: str, slug: str) -> None:
    assert rules.slug(text) == slug


def test_the_truth_table_is_whole() -> None:
    assert set(rules.TABLE) == {(v, c) for v in visibility.VISIBILITIES for c in visibility.CHANNELS}
    assert set(rules.MOVES) == set(visibility.STATUSES)
    assert all(after in visibility.STATUSES for moves in rules.MOVES.values() for after in moves)


_MOVES = """
          draft pending live reserved sold expired rejected archived
draft     -     yes     yes  -        -    -       -        yes
pending   yes   -       yes  -        -    -       yes      yes
live      yes   -       -    yes      yes  yes     yes      yes
reserved  yes   -       yes  -        yes  -       -        yes
sold      -     -       yes  -        -    -       -        yes
expired   yes   yes     yes  -        -    -       -        yes
rejected  yes   yes     -    -        -    -       -        yes
archived  yes   -       -    -        -    -       -        -
"""


def test_every_move_between_two_states_is_allowed_or_refused_as_the_table_says() -> None:
    (after, *lines) = [line.split() for line in _MOVES.strip().splitlines()]
    said = {(line[0], to): word == "yes" for line in lines for to, word in zip(after, line[1:], strict=True)}

    assert set(said) == {(before, to) for before in visibility.STATUSES for to in visibility.STATUSES}
    assert {move: rules.may_move(*move) for move in said} == said
    assert not rules.may_move("deleted", "live")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+923001234567", "+9230•••••567"),
        ("+924235761234", "+9242•••••234"),
        ("+12015550123", "+1201••••123"),
        (None, None),
    ],
)
def test_a_shown_number_is_too_little_to_call(number: str | None, shown: str | None) -> None:
    assert rules.masked_phone(number) == shown


@pytest.mark.parametrize("status", visibility.STATUSES)
def test_only_public_cars_of_the_market_reach_the_public(status: str) -> None:
    seen = {
        (v, c) for v in visibility.VISIBILITIES for c in visibility.CHANNELS if rules.visible("anonymous", v, c, status)
    }

    assert seen == ({("public", "automart")} if status in ("live", "reserved", "sold") else set())
    assert rules.found("public", "automart", status) is (status == "live")


@pytest.mark.parametrize("days", [0, 1, 30, 31, 60, 61, 90, 91, 400])
def test_every_car_has_one_age_in_days_of_pakistan(days: int) -> None:
    now = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)  # half past midnight on the 28th in Pakistan
    came = datetime(2026, 11, 27, 19, 1, tzinfo=UTC) - timedelta(days=days)
    fits = [age for age in rules.AGES if rules.taken_in(age, now)[0] <= came < rules.taken_in(age, now)[1]]

    (age,) = fits
    least, most = rules.AGES[age]
    assert least <= days <= (days if most is None else most)
