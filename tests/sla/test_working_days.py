"""Targets in working days: until the closing of the last of them, by the branch's calendar."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.sla.rules import NeverOpen, Pause, ahead, due, elapsed, moved, warn_at
from app.sla.rules.clocks import Clock
from tests.sla.showroom import KARACHI, NEVER, SHOWROOM, pk
from tests.sla.test_closing import LATE

_NONE = timedelta()
START = datetime(2026, 11, 1)  # noqa: DTZ001 - a wall clock


def days(started: str, many: int, **more: object) -> Clock:
    return Clock(SHOWROOM, started=pk(started), target=_NONE, days=many, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("started", "many", "at"),
    [
        ("2026-11-23 12:00", 3, "2026-11-26 20:00"),  # Monday: the Thursday
        ("2026-11-23 09:00", 1, "2026-11-24 20:00"),  # before opening it is the same day
        ("2026-11-19 23:00", 1, "2026-11-20 20:00"),  # Friday, prayer and all
        ("2026-11-19 12:00", 3, "2026-11-23 20:00"),  # Friday, Saturday, no Sunday, Monday
        ("2026-11-22 11:00", 1, "2026-11-23 20:00"),  # on a Sunday
        ("2027-02-08 12:00", 3, "2027-02-11 23:30"),  # into Ramadan
        ("2027-02-09 22:00", 3, "2027-02-12 23:30"),  # a Friday of Ramadan, after Taraweeh
        ("2027-03-08 12:00", 3, "2027-03-15 20:00"),  # over Eid and a Sunday
        ("2027-03-11 12:00", 1, "2027-03-13 20:00"),  # during Eid
    ],
)
def test_a_deadline_in_working_days_is_a_closing(started: str, many: int, at: str) -> None:
    assert due(days(started, many)) == pk(at)


def test_after_midnight_the_evening_before_still_counts() -> None:
    clock = Clock(LATE, started=pk("2026-11-21 00:30"), target=_NONE, days=1)  # Friday's block runs until one

    assert due(clock) == pk("2026-11-21 20:00")
    assert due(replace(clock, started=pk("2026-11-21 01:30"))) == pk("2026-11-23 20:00")


def test_working_days_warn_pause_and_move_like_open_time() -> None:
    clock = days("2026-11-23 10:00", 3)  # forty open hours
    paused = replace(clock, pauses=(Pause(pk("2026-11-24 10:00"), pk("2026-11-25 10:00")),))
    now = pk("2026-11-24 12:00")
    early = replace(SHOWROOM.overrides[0], first=now.date(), last=now.date() + timedelta(9))
    ramadan = replace(SHOWROOM, overrides=(early,))

    assert (warn_at(clock), ahead(clock, timedelta(minutes=15))) == (pk("2026-11-26 12:00"), pk("2026-11-26 19:45"))
    assert due(paused) == pk("2026-11-28 11:30")  # ten open hours later: all of Friday, and some of Saturday
    assert elapsed(paused, pk("2026-11-25 11:00")) == timedelta(hours=11)
    assert due(moved(clock, ramadan, now)) == pk("2026-11-26 23:30")
    with pytest.raises(NeverOpen):
        due(replace(clock, calendar=NEVER))


@given(st.datetimes(START, START + timedelta(days=150)), st.integers(1, 12))
def test_working_days_agree_with_counting_closings_minute_by_minute_of_the_calendar(at: datetime, many: int) -> None:
    """The oracle walks the local days and knows nothing of spans."""
    started, left = at.replace(tzinfo=KARACHI), many
    day = started.date()
    while left:
        day += timedelta(days=1)
        left -= bool(SHOWROOM.begun_on(day))
    closes = SHOWROOM.begun_on(day)[-1].closes
    wanted = datetime.combine(day, time(), KARACHI) + timedelta(minutes=closes)

    assert due(Clock(SHOWROOM, started=started, target=_NONE, days=many)) == wanted.astimezone(UTC)
