"""The order of relevance, as a formula."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest

from app.listings import rules
from app.vehicles import schemas as vehicles

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _score(age_days: float, quality: int, text: float) -> float:
    return rules.score(text=text, age=timedelta(days=age_days), quality=quality)


def test_a_score_halves_every_fortnight_and_grows_with_what_is_told() -> None:
    assert _score(14, 100, 1.0) == pytest.approx(0.5)
    assert _score(0, 100, 1.0) == 1.0
    assert _score(0, 40, 1.0) == pytest.approx(0.5)
    assert rules.score(text=1.0, age=timedelta(), quality=100, boost=2.0) == 2.0


def test_stored_ranks_order_as_the_scores_do_whenever_one_looks() -> None:
    cars = list(product((0, 3, 14, 40), (0, 55, 100), (rules.IN_TITLE, rules.IN_FACTS, rules.IN_TEXT)))
    for later in (0, 100):
        by_score = sorted(cars, key=lambda car: -_score(car[0] + later, car[1], car[2]))
        ranked = [rules.rank(NOW - timedelta(days=age), quality) + rules.lift(text) for age, quality, text in by_score]

        assert all(one >= other - 1 for one, other in pairwise(ranked))


def test_a_rank_fits_its_column_for_decades() -> None:
    assert rules.rank(datetime(2080, 1, 1, tzinfo=UTC), 100, boost=16) < 2**31
    assert rules.rank(datetime(2020, 1, 1, tzinfo=UTC), 0) > -(2**31)


def test_every_word_of_the_catalogue_has_a_code() -> None:
    for name, kind in (
        ("body", vehicles.Body), ("fuel", vehicles.Fuel), ("transmission", vehicles.Transmission),
        ("assembly", vehicles.Assembly),
    ):  # fmt: skip
        assert set(kind.__args__) <= set(rules.PACKED[name].values)  # type: ignore[attr-defined]


def test_what_is_packed_comes_out_again_and_fits() -> None:
    for name, bits in rules.PACKED.items():
        assert len(bits.values) <= bits.mask
        for value in bits.values:
            number = rules.packed({"body": "convertible", "colour": "turquoise", "seller": "private", name: value})

            assert max(number.values()) < 2**15
            assert rules.unpacked(name, number[bits.column]) == value
    assert rules.packed({"body": "boat"}) == {"kinds": 0, "looks": 0}


def test_colours_are_plain_ones() -> None:
    said = {
        "White": "white",
        "Pearl white": "white",
        "gray metallic": "grey",
        "Black over Red": "red",
        "octarine": None,
    }

    assert {one: rules.colour(one) for one in said} == said
    assert rules.colour(None) is None
