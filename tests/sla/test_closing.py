"""When a branch's day closes: by its overrides and closures, past midnight, and when hours change under way."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.sla.rules import Calendar, Week, closing_day, closing_of
from tests.sla.showroom import NEVER, SHOWROOM, WEEK, pk

LATE = Calendar(Week.written(**dict.fromkeys(("mon", "tue", "wed", "thu", "sat"), "10:00-20:00"), fri="15:00-01:00"))


@pytest.mark.parametrize(
    ("now", "day", "closes"),
    [
        ("2026-11-23 12:00", "2026-11-23", "2026-11-23 20:00"),
        ("2026-11-23 20:00", "2026-11-24", "2026-11-24 20:00"),
        ("2026-11-20 13:30", "2026-11-20", "2026-11-20 20:00"),  # the Friday prayer is no closing
        ("2026-11-21 20:30", "2026-11-23", "2026-11-23 20:00"),  # no Sunday
        ("2027-02-09 16:30", "2027-02-09", "2027-02-09 23:30"),  # after Taraweeh
        ("2027-02-12 12:45", "2027-02-12", "2027-02-12 23:30"),
        ("2027-03-09 23:30", "2027-03-13", "2027-03-13 20:00"),  # Eid
    ],
)
def test_a_day_closes_with_its_last_interval(now: str, day: str, closes: str) -> None:
    found = closing_day(SHOWROOM, pk(now), closed=None, expected=None)

    assert found == (date.fromisoformat(day), pk(closes))


def test_a_late_block_closes_the_evening_it_began_on() -> None:
    assert closing_day(LATE, pk("2026-11-21 00:30"), closed=None, expected=None) == (
        date(2026, 11, 20), pk("2026-11-21 01:00"),
    )  # fmt: skip
    assert closing_of(LATE, date(2026, 11, 22)) is None
    assert closing_day(NEVER, pk("2026-11-21 00:30"), closed=None, expected=None) is None


def test_hours_that_change_under_way_move_the_closing_and_never_repeat_it() -> None:
    monday, cut = date(2026, 11, 23), Calendar(Week.written(**_with("mon", "10:00-18:00")))
    longer = Calendar(Week.written(**_with("mon", "10:00-22:00")))
    at_seven = pk("2026-11-23 19:00")

    assert closing_day(cut, at_seven, closed=None, expected=monday) == (monday, pk("2026-11-23 18:00"))
    assert closing_day(longer, at_seven, closed=None, expected=monday) == (monday, pk("2026-11-23 22:00"))
    assert closing_day(longer, pk("2026-11-23 20:30"), closed=monday, expected=date(2026, 11, 24)) == (
        monday + timedelta(days=1), pk("2026-11-24 20:00"),
    )  # fmt: skip


def _with(day: str, hours: str) -> dict[str, Any]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    week = {name: " ".join(str(one) for one in held) for name, held in zip(names, WEEK.days, strict=True)}
    return {**week, day: hours}
