"""Deadlines in open time: the vectors of formats.md 14.9, the edges of a day, calendars that never open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.sla.rules import ALWAYS, Calendar, Closure, NeverOpen, Week, add_business, business_between
from tests.sla.showroom import NEVER, SHOWROOM, WEEK, pk

DAILY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("created", "length", "due"),
    [
        ("2026-11-20 12:50", 30, "2026-11-20 14:50"),
        ("2026-11-20 19:50", 120, "2026-11-21 11:50"),
        ("2026-11-21 19:45", 30, "2026-11-23 10:15"),
        ("2026-11-22 11:00", 30, "2026-11-23 10:30"),
        ("2026-11-23 09:00", 15, "2026-11-23 10:15"),
        ("2027-02-09 15:50", 30, "2027-02-09 21:20"),
        ("2027-02-12 12:20", 30, "2027-02-12 21:20"),
        ("2027-03-09 23:20", 30, "2027-03-13 10:20"),
    ],
)
def test_the_vectors_of_the_specification_hold(created: str, length: int, due: str) -> None:
    assert add_business(SHOWROOM, pk(created), minutes(length)) == pk(due)
    assert business_between(SHOWROOM, pk(created), pk(due)) == minutes(length)


def test_what_uses_up_the_day_is_due_at_closing_and_not_at_the_next_opening() -> None:
    assert add_business(SHOWROOM, pk("2026-11-21 19:45"), minutes(15)) == pk("2026-11-21 20:00")
    assert add_business(SHOWROOM, pk("2026-11-20 12:50"), minutes(10)) == pk("2026-11-20 13:00")


def test_no_minutes_are_due_at_once_even_outside_hours() -> None:
    sunday = pk("2026-11-22 11:00")

    assert add_business(SHOWROOM, sunday, timedelta()) == sunday
    assert add_business(NEVER, sunday, timedelta()) == sunday


def test_seconds_and_smaller_are_kept() -> None:
    due = add_business(SHOWROOM, pk("2026-11-20 12:59:30.5"), timedelta(seconds=31, microseconds=7))

    assert due == pk("2026-11-20 14:30:01.500007")


def test_a_due_moment_comes_back_in_utc() -> None:
    due = add_business(SHOWROOM, datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Dubai")), minutes(5))

    assert due.tzinfo is UTC
    assert add_business(SHOWROOM, due.astimezone(ZoneInfo("Asia/Dubai")), timedelta()).tzinfo is UTC


def test_a_lead_of_the_night_answered_after_opening_counts_from_opening() -> None:
    assert business_between(SHOWROOM, pk("2026-11-23 02:00"), pk("2026-11-23 10:04")) == minutes(4)


def test_nothing_passes_backwards() -> None:
    assert business_between(SHOWROOM, pk("2026-11-23 12:00"), pk("2026-11-23 11:00")) == timedelta()
    with pytest.raises(ValueError, match="forward"):
        add_business(SHOWROOM, pk("2026-11-23 12:00"), minutes(-1))


def test_a_calendar_without_hours_never_comes_due() -> None:
    with pytest.raises(NeverOpen):
        add_business(NEVER, pk("2026-11-23 12:00"), minutes(1))
    assert business_between(NEVER, pk("2026-11-23 12:00"), pk("2027-11-23 12:00")) == timedelta()


def test_a_long_closure_is_waited_for_and_one_past_the_horizon_is_not() -> None:
    def closed_for(days: int) -> Calendar:
        return Calendar(WEEK, closures=(Closure("Works", date(2026, 11, 23), date(2026, 11, 23) + timedelta(days)),))

    assert add_business(closed_for(300), pk("2026-11-23 12:00"), minutes(1)) == pk("2027-09-20 10:01")
    with pytest.raises(NeverOpen):
        add_business(closed_for(500), pk("2026-11-23 12:00"), minutes(1))


def test_a_target_may_take_longer_than_the_horizon_while_there_are_hours_on_the_way() -> None:
    weekly = Calendar(Week.written(mon="10:00-11:00"))

    assert add_business(weekly, pk("2026-11-23 09:00"), timedelta(hours=100)) == pk("2028-10-16 11:00")


def test_around_the_clock_is_ordinary_time() -> None:
    night = pk("2026-11-22 23:50")

    assert add_business(ALWAYS, night, timedelta(days=2, minutes=15)) == night + timedelta(days=2, minutes=15)


def test_in_london_a_day_of_the_clocks_has_an_hour_less_or_more() -> None:
    london = Calendar(Week.written(**dict.fromkeys(DAILY, "00:00-24:00")), zone=ZoneInfo("Europe/London"))

    def of(day: date) -> timedelta:
        return london.day(day).open_time

    assert of(date(2026, 3, 29)) == timedelta(hours=23)
    assert of(date(2026, 3, 30)) == timedelta(hours=24)
    assert of(date(2026, 10, 25)) == timedelta(hours=25)


def test_in_london_ten_oclock_is_ten_by_the_wall_on_either_side_of_the_change() -> None:
    london = Calendar(Week.written(**dict.fromkeys(DAILY, "10:00-20:00")), zone=ZoneInfo("Europe/London"))
    saturday_evening = datetime(2026, 10, 24, 18, 30, tzinfo=UTC)  # 19:30 in summer time

    assert add_business(london, saturday_evening, timedelta(hours=1)) == datetime(2026, 10, 25, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "day", "expected"),
    [
        ("00:30-01:30", date(2026, 3, 29), [("00:30", "01:00")]),
        ("01:10-01:50", date(2026, 3, 29), []),
        ("01:30-05:00", date(2026, 3, 29), [("01:00", "04:00")]),
        ("00:30-01:30", date(2026, 10, 25), [("23:30", "00:30")]),
        ("01:30-05:00", date(2026, 10, 25), [("00:30", "05:00")]),
    ],
)
def test_a_skipped_hour_is_the_jump_and_a_repeated_one_counts_from_its_first(
    hours: str, day: date, expected: list[tuple[str, str]]
) -> None:
    london = Calendar(Week.written(sun=hours), zone=ZoneInfo("Europe/London"))

    assert [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in london.day(day).spans] == expected


def test_a_moment_without_its_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="without its zone"):
        add_business(SHOWROOM, naive, minutes(1))
