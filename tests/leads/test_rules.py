"""States, snoozes, canned replies and chat links, each by itself."""

from datetime import UTC, datetime

import pytest

from app.leads import rules
from app.leads.rules import texts
from app.sla.rules import ALWAYS, Calendar, Week
from tests.sla.showroom import NEVER, SHOWROOM, pk

PK_NOON = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # Wednesday, 12:00 in Karachi


def test_every_state_leads_somewhere_known_and_never_to_itself() -> None:
    assert set(rules.TRANSITIONS) == set(rules.STATUSES)
    for before, after in rules.TRANSITIONS.items():
        assert before not in after
        assert set(after) <= set(rules.STATUSES)
        assert rules.NEW not in after or before == rules.SPAM


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        ("hour", "2026-11-25T08:00"),
        ("three_hours", "2026-11-25T10:00"),
        ("evening", "2026-11-25T13:00"),  # 18:00
        ("tomorrow", "2026-11-26T05:00"),  # 10:00, when the showroom opens
        ("in_two_days", "2026-11-27T05:00"),
        ("next_week", "2026-11-30T05:00"),  # Monday
    ],
)
def test_snoozes_mean_moments_in_pakistan(choice, until) -> None:
    assert rules.snooze_until(choice, PK_NOON, SHOWROOM) == datetime.fromisoformat(until + "+00:00")


def test_an_evening_that_is_over_is_tomorrow_morning() -> None:
    late = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)

    assert rules.snooze_until("evening", late, SHOWROOM) == datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
    assert rules.snooze_until("someday", late, SHOWROOM) is None


@pytest.mark.parametrize(
    ("now", "choice", "until"),
    [
        ("2026-11-28T15:00", "tomorrow", "2026-11-30T10:00"),  # Sunday is closed
        ("2026-11-29T15:00", "evening", "2026-11-30T10:00"),
        ("2027-02-09T15:00", "evening", "2027-02-09T21:00"),  # Ramadan: after Taraweeh
        ("2027-03-09T15:00", "tomorrow", "2027-03-13T10:00"),  # three days of Eid
    ],
)
def test_a_snoozed_lead_comes_back_when_the_doors_open(now: str, choice: str, until: str) -> None:
    assert rules.snooze_until(choice, pk(now), SHOWROOM) == pk(until)


def test_a_night_that_runs_into_the_day_is_not_its_opening() -> None:
    late = Calendar(Week.written(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "10:00-01:00")))

    assert rules.snooze_until("tomorrow", pk("2026-11-25T15:00"), late) == pk("2026-11-26T10:00")


@pytest.mark.parametrize("calendar", [ALWAYS, NEVER])
def test_a_branch_without_an_opening_begins_its_morning_at_nine(calendar: Calendar) -> None:
    assert rules.snooze_until("tomorrow", pk("2026-11-25T15:00"), calendar) == pk("2026-11-26T09:00")


def test_a_template_is_filled_and_says_what_it_lacks() -> None:
    values = {"name": "Ali", "price": ""}

    assert rules.fill("{name}: {price} {odd}", values) == "Ali: {price} {odd}"
    assert rules.missing("{name}: {price} {price} {km}", values) == ["price", "km"]
    assert rules.unknown("{name} {odd}") == ["odd"]


def test_a_chat_link_has_bare_digits_and_no_plus_for_spaces() -> None:
    link = rules.chat_link(
        "+923001234567", "Salam, Honda Civic 2021 (Ref K7Q2) abhi available hai? https://example.pk/c/1"
    )

    assert link == (
        "https://wa.me/923001234567?text=Salam%2C%20Honda%20Civic%202021%20%28Ref%20K7Q2%29%20abhi%20available%20"
        "hai%3F%20https%3A%2F%2Fexample.pk%2Fc%2F1"
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("{" * 80, 1), ("{" * 81, 2),
        ("a" * 152 + "{" + "a" * 152, 3), ("ک" * 70, 1), ("ک" * 71, 2), ("ک" * 134, 2), ("ک" * 135, 3),
        ("a" * 70 + "ک", 2), ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 67, 3), ("", 1),
    ],
)  # fmt: skip
def test_a_text_message_with_urdu_holds_seventy_letters(text: str, parts: int) -> None:
    assert texts.parts(text) == parts


def test_an_excerpt_is_one_short_line() -> None:
    assert rules.excerpt("a\n\n b") == "a b"
    assert len(rules.excerpt("word " * 100)) <= rules.EXCERPT
