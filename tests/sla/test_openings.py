"""What rules a day, and what a page may say about it."""

from datetime import date, timedelta

import pytest

from app.sla.rules import (
    ALWAYS,
    Calendar,
    Closure,
    Hours,
    NeverOpen,
    Override,
    State,
    Week,
    at_open,
    closes_at,
    hours_on,
    is_open,
    opens_next,
    state_at,
    told,
)
from tests.sla.showroom import EID, KARACHI, NEVER, RAMADAN, SHOWROOM, WEEK, pk

TARAWEEH = Week.written(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "10:00-16:00 21:00-01:00"))
LATE = Calendar(WEEK, overrides=(Override("Ramadan", RAMADAN.first, RAMADAN.last, TARAWEEH),), closures=(EID,))


def hours(calendar: Calendar, day: date) -> str:
    def wall(span: tuple) -> str:
        start, end = (moment.astimezone(KARACHI) for moment in span)
        return f"{start:%H:%M}-{'24:00' if end.date() > day else f'{end:%H:%M}'}"

    return " ".join(wall(span) for span in hours_on(calendar, day))


def test_a_day_has_its_intervals_in_order() -> None:
    assert hours(SHOWROOM, date(2026, 11, 20)) == "10:00-13:00 14:30-20:00"
    assert hours(SHOWROOM, date(2026, 11, 22)) == ""


def test_an_override_has_hours_by_weekday_and_a_day_it_leaves_out_is_closed() -> None:
    assert hours(SHOWROOM, date(2027, 2, 9)) == "10:00-16:00 21:00-23:30"
    assert hours(SHOWROOM, date(2027, 2, 12)) == "10:00-12:30 21:00-23:30"
    assert hours(SHOWROOM, date(2027, 2, 14)) == ""


def test_a_closure_beats_an_override_and_an_override_the_week() -> None:
    calendar = Calendar(WEEK, (RAMADAN,), (Closure("Pakistan Day", date(2027, 2, 10), date(2027, 2, 10)),))

    assert hours(calendar, date(2027, 2, 8)) == "10:00-20:00"
    assert hours(calendar, date(2027, 2, 9)) == "10:00-16:00 21:00-23:30"
    assert hours(calendar, date(2027, 2, 10)) == ""


def test_of_overlapping_overrides_the_shorter_rules_and_then_the_later() -> None:
    def week(text: str) -> Week:
        return Week.written(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), text))

    month = Override("month", date(2027, 1, 1), date(2027, 1, 31), week("08:00-09:00"))
    earlier = Override("earlier", date(2027, 1, 4), date(2027, 1, 10), week("10:00-11:00"))
    later = Override("later", date(2027, 1, 8), date(2027, 1, 14), week("12:00-13:00"))
    for given in ((month, earlier, later), (later, earlier, month)):
        calendar = Calendar(WEEK, given)

        assert hours(calendar, date(2027, 1, 3)) == "08:00-09:00"
        assert hours(calendar, date(2027, 1, 7)) == "10:00-11:00"
        assert hours(calendar, date(2027, 1, 8)) == "12:00-13:00"
        assert hours(calendar, date(2027, 1, 14)) == "12:00-13:00"
        assert hours(calendar, date(2027, 1, 15)) == "08:00-09:00"


def test_what_runs_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    assert hours(LATE, date(2027, 2, 9)) == "10:00-16:00 21:00-24:00"
    assert hours(LATE, date(2027, 2, 10)) == "00:00-01:00 10:00-16:00 21:00-24:00"
    assert hours(LATE, date(2027, 3, 10)) == "00:00-01:00"  # Eid has begun, the last night of Ramadan goes on
    assert hours(LATE, date(2027, 3, 11)) == ""


def test_a_night_that_reaches_into_the_next_timetables_hours_counts_once() -> None:
    early = Override("Sehri", date(2027, 3, 10), date(2027, 3, 10), Week.written(wed="00:30-02:00"))
    calendar = Calendar(WEEK, (*LATE.overrides, early))

    assert hours(calendar, date(2027, 3, 10)) == "00:00-02:00"
    assert calendar.day(date(2027, 3, 10)).open_time == timedelta(hours=2)


def test_opening_is_inside_the_hours_and_closing_is_not() -> None:
    assert is_open(SHOWROOM, pk("2026-11-20 10:00"))
    assert not is_open(SHOWROOM, pk("2026-11-20 13:00"))
    assert not is_open(SHOWROOM, pk("2026-11-20 09:59:59.999999"))


@pytest.mark.parametrize(
    ("at", "kind", "until", "because"),
    [
        ("2026-11-20 11:00", "open", "2026-11-20 13:00", None),
        ("2026-11-20 13:30", "break", "2026-11-20 14:30", None),
        ("2026-11-20 08:00", "closed", "2026-11-20 10:00", None),
        ("2026-11-20 20:00", "closed", "2026-11-21 10:00", None),
        ("2027-02-09 17:00", "break", "2027-02-09 21:00", "Ramadan"),
        ("2027-02-09 22:00", "open", "2027-02-10 01:00", "Ramadan"),
        ("2027-02-10 02:00", "closed", "2027-02-10 10:00", "Ramadan"),
        ("2027-03-10 00:30", "open", "2027-03-10 01:00", "Ramadan"),
        ("2027-03-10 01:00", "closed", "2027-03-13 10:00", "Eid-ul-Fitr"),
    ],
)
def test_a_page_says_open_on_a_break_or_closed_and_until_when(at: str, kind: str, until: str, because: str) -> None:
    assert state_at(LATE, pk(at)) == State(kind, pk(until), because)


def test_while_open_the_next_opening_is_the_one_after_the_break() -> None:
    assert opens_next(SHOWROOM, pk("2026-11-20 11:00")) == pk("2026-11-20 14:30")
    assert opens_next(SHOWROOM, pk("2026-11-20 10:00")) == pk("2026-11-20 14:30")


def test_while_closed_the_next_closing_is_that_of_the_coming_hours() -> None:
    assert closes_at(SHOWROOM, pk("2026-11-22 11:00")) == pk("2026-11-23 20:00")


def test_hours_that_never_turn_have_no_next_opening_or_closing() -> None:
    now = pk("2026-11-22 11:00")

    assert opens_next(NEVER, now) is None
    assert closes_at(NEVER, now) is None
    assert opens_next(ALWAYS, now) is None
    assert closes_at(ALWAYS, now) is None
    assert state_at(NEVER, now) == State("closed", None, None)
    assert state_at(ALWAYS, now) == State("open", None, None)


def test_nobody_looks_further_than_400_days() -> None:
    opening = pk("2028-01-03 10:00")
    calendar = Calendar(
        Week.written(mon="10:00-20:00"), closures=(Closure("Works", date(2026, 1, 1), date(2028, 1, 2)),)
    )

    assert opens_next(calendar, opening - timedelta(days=400)) == opening
    assert opens_next(calendar, opening - timedelta(days=400, seconds=1)) is None


def test_an_alert_of_the_night_waits_for_opening_unless_it_is_urgent() -> None:
    night, noon = pk("2026-11-21 02:00"), pk("2026-11-21 12:00")

    assert at_open(SHOWROOM, night, urgent=False) == pk("2026-11-21 10:00")
    assert at_open(SHOWROOM, night, urgent=True) == night
    assert at_open(SHOWROOM, noon, urgent=False) == noon
    assert at_open(NEVER, noon, urgent=True) == noon
    with pytest.raises(NeverOpen):
        at_open(NEVER, noon, urgent=False)


def test_machines_are_told_the_week_and_the_special_days_near() -> None:
    """Days that keep the same hours stand together; a block past midnight ends the next morning."""
    week = Week.written(mon="10:00-20:00", tue="10:00-20:00", fri="10:00-13:00 14:30-20:00", sat="21:00-24:00")
    late = Override("Ramadan", date(2026, 2, 18), date(2026, 3, 19), Week.written(mon="21:00-01:00"))
    calendar = Calendar(week, overrides=(late,), closures=(Closure("Eid", date(2026, 3, 20), date(2026, 3, 22)),))
    usual = [
        Hours((0, 1), "10:00", "20:00"), Hours((4,), "10:00", "13:00"), Hours((4,), "14:30", "20:00"),
        Hours((5,), "21:00", "23:59"),
    ]  # fmt: skip

    assert told(calendar, date(2025, 12, 1)) == told(calendar, date(2026, 3, 23)) == usual
    assert told(calendar, date(2026, 2, 1))[4:] == [
        Hours((0,), "21:00", "01:00", late.first, late.last),
        Hours((1, 2, 3, 4, 5, 6), "00:00", "00:00", late.first, late.last),
        Hours((0, 1, 2, 3, 4, 5, 6), "00:00", "00:00", date(2026, 3, 20), date(2026, 3, 22)),
    ]
