"""Which policy a lead falls under."""

from itertools import product
from uuid import UUID

import pytest

from app.sla.rules import ALWAYS, About, Conditions, Policy, Targets, calendar_of, fits, never_apply, pick
from tests.sla.showroom import SHOWROOM

LAHORE, KARACHI = UUID(int=1), UUID(int=2)
WALK_IN = About(source="walk_in", branch_id=LAHORE, priority="normal", price_rupees=3_000_000)


def policy(position: int, conditions: Conditions, hours: str = "business") -> Policy:
    return Policy(UUID(int=position), f"no. {position}", position, conditions, Targets(5, 15, 1440), False, hours)


def test_the_first_that_fits_wins_whatever_order_they_come_in() -> None:
    any_lead, walk_ins, elsewhere = (
        policy(3, Conditions()),
        policy(2, Conditions(sources=frozenset({"walk_in"}))),
        policy(1, Conditions(branches=frozenset({KARACHI}))),
    )

    assert pick([any_lead, walk_ins, elsewhere], WALK_IN) == walk_ins
    assert pick([elsewhere], WALK_IN) is None
    assert pick([], WALK_IN) is None


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (Conditions(), True),
        (Conditions(sources=frozenset({"web", "walk_in"})), True),
        (Conditions(sources=frozenset({"web"})), False),
        (Conditions(branches=frozenset({LAHORE})), True),
        (Conditions(branches=frozenset({KARACHI})), False),
        (Conditions(priorities=frozenset({"normal"})), True),
        (Conditions(priorities=frozenset({"high"})), False),
        (Conditions(price_from_rupees=3_000_000, price_to_rupees=3_000_000), True),
        (Conditions(price_from_rupees=3_000_001), False),
        (Conditions(price_to_rupees=2_999_999), False),
        (Conditions(sources=frozenset({"walk_in"}), priorities=frozenset({"high"})), False),
    ],
)
def test_every_condition_given_must_hold(conditions: Conditions, expected: bool) -> None:
    assert fits(conditions, WALK_IN) is expected


def test_a_lead_without_a_price_or_a_branch_fits_no_condition_on_them() -> None:
    bare = About(source="web", branch_id=None, priority="normal", price_rupees=None)

    assert fits(Conditions(), bare)
    assert not fits(Conditions(price_from_rupees=0), bare)
    assert not fits(Conditions(price_to_rupees=10), bare)
    assert not fits(Conditions(branches=frozenset({LAHORE})), bare)


WEB_OR_NOT, HERE = frozenset({"web", "walk_in"}), frozenset({LAHORE})


@pytest.mark.parametrize(
    ("above", "below", "hidden"),
    [
        (Conditions(), Conditions(sources=WEB_OR_NOT, price_from_rupees=5), True),
        (Conditions(sources=WEB_OR_NOT), Conditions(sources=frozenset({"web"}), branches=HERE), True),
        (Conditions(sources=frozenset({"web"})), Conditions(sources=WEB_OR_NOT), False),
        (Conditions(branches=HERE), Conditions(), False),
        (Conditions(price_from_rupees=5, price_to_rupees=9), Conditions(price_from_rupees=5, price_to_rupees=9), True),
        (Conditions(price_from_rupees=5), Conditions(price_from_rupees=6, price_to_rupees=9), True),
        (Conditions(price_from_rupees=6), Conditions(price_from_rupees=5), False),
        (Conditions(price_to_rupees=9), Conditions(price_from_rupees=5), False),
        (Conditions(price_from_rupees=0), Conditions(), False),
        (Conditions(priorities=frozenset({"high"})), Conditions(sources=WEB_OR_NOT), False),
    ],
)
def test_a_rule_whose_leads_one_above_takes_all_never_applies(
    above: Conditions, below: Conditions, hidden: bool
) -> None:
    upper, lower = policy(1, above), policy(2, below)
    leads = [
        About(*one)
        for one in product(("web", "walk_in", "call"), (LAHORE, KARACHI, None), ("normal", "high"), (None, 1, 5, 7, 10))
    ]

    assert never_apply([lower, upper]) == ({lower.id: upper} if hidden else {})
    assert any(pick([upper, lower], lead) == lower for lead in leads) is not hidden


def test_a_policy_for_all_hours_runs_around_the_clock() -> None:
    assert calendar_of(policy(1, Conditions()).hours, SHOWROOM) is SHOWROOM
    assert calendar_of(policy(1, Conditions(), hours="always").hours, SHOWROOM) is ALWAYS
