"""Dates as read in Pakistan."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.dates import show_ago, show_date, show_datetime, show_duration
from app.core.digits import to_latin, to_urdu

SATURDAY = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)


def test_the_full_form_in_both_languages() -> None:
    assert show_date(SATURDAY, "ur", "full") == "ہفتہ، 21 نومبر، 2026"
    assert show_date(SATURDAY, "en", "full") == "Saturday, 21 November 2026"


def test_a_moment_is_shown_in_karachi() -> None:
    assert show_datetime(SATURDAY) == "21 Nov 2026, 14:02"
    assert show_date(datetime(2026, 11, 21, 19, 30, tzinfo=UTC)) == "22 Nov 2026"
    assert show_date(date(2026, 11, 21)) == "21 Nov 2026"


def test_a_moment_without_its_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without its zone"):
        show_date(datetime(2026, 11, 21, 9, 2))  # noqa: DTZ001


def test_how_long_ago() -> None:
    assert show_ago(SATURDAY - timedelta(minutes=14), SATURDAY) == "14 minutes ago"
    assert show_ago(SATURDAY - timedelta(minutes=14), SATURDAY, "ur") == "14 منٹ پہلے"
    assert show_ago(SATURDAY - timedelta(seconds=20), SATURDAY) == "just now"
    assert show_ago(SATURDAY + timedelta(hours=2), SATURDAY) == "in 2 hours"
    assert show_duration(480, "ur") == "8 منٹ"


def test_urdu_digits_are_a_choice_and_read_back() -> None:
    assert to_urdu("42.5 لاکھ") == "۴۲.۵ لاکھ"
    assert to_latin("۴۲٫۵ ٤٢") == "42٫5 42"
