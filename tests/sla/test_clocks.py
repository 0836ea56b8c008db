"""One deadline with its pauses, its warning, and its move to another branch's calendar."""

from datetime import timedelta

import pytest

from app.sla.rules import ALWAYS, BadDates, Calendar, Clock, Pause, Week, due, elapsed, moved, warn_at
from tests.sla.showroom import SHOWROOM, pk

HOUR = timedelta(hours=1)
STARTED = pk("2026-11-23 11:00")


def clock(*pauses: tuple[str, str | None], target: timedelta = HOUR) -> Clock:
    given = tuple(Pause(pk(start), pk(end) if end else None) for start, end in pauses)
    return Clock(SHOWROOM, STARTED, target, given)


def test_without_a_pause_the_target_is_simply_added() -> None:
    assert due(clock()) == pk("2026-11-23 12:00")


def test_a_pause_of_twenty_minutes_shifts_the_deadline_by_twenty() -> None:
    assert due(clock(("2026-11-23 11:10", "2026-11-23 11:30"))) == pk("2026-11-23 12:20")


def test_a_pause_outside_hours_shifts_nothing() -> None:
    late = Clock(SHOWROOM, pk("2026-11-23 19:30"), HOUR, (Pause(pk("2026-11-23 21:00"), pk("2026-11-24 09:00")),))

    assert due(late) == pk("2026-11-24 10:30")


def test_a_paused_clock_has_no_deadline_until_it_runs_again() -> None:
    assert due(clock(("2026-11-23 11:10", None))) is None
    assert warn_at(clock(("2026-11-23 11:10", None))) is None


def test_a_deadline_that_passed_before_the_pause_stays() -> None:
    assert due(clock(("2026-11-23 12:00", None))) == pk("2026-11-23 12:00")
    assert due(clock(("2026-11-23 11:50", None))) is None
    assert warn_at(clock(("2026-11-23 11:50", None))) == pk("2026-11-23 11:48")


def test_pauses_may_overlap_and_come_in_any_order_and_begin_before_the_clock() -> None:
    paused = clock(
        ("2026-11-23 11:30", "2026-11-23 11:50"),
        ("2026-11-23 10:00", "2026-11-23 11:05"),
        ("2026-11-23 11:20", "2026-11-23 11:40"),
        ("2026-11-23 11:25", "2026-11-23 11:30"),
    )

    assert due(paused) == pk("2026-11-23 12:35")
    assert elapsed(paused, pk("2026-11-23 11:45")) == timedelta(minutes=15)


def test_a_lasting_pause_swallows_the_ones_within_it() -> None:
    assert due(clock(("2026-11-23 11:10", None), ("2026-11-23 11:20", "2026-11-23 11:30"))) is None


def test_a_pause_must_not_end_before_it_begins() -> None:
    with pytest.raises(BadDates):
        Pause(pk("2026-11-23 11:10"), pk("2026-11-23 11:00"))


def test_the_warning_comes_at_eighty_percent_of_open_time() -> None:
    assert warn_at(clock()) == pk("2026-11-23 11:48")
    over_friday_break = Clock(SHOWROOM, pk("2026-11-20 12:00"), timedelta(minutes=100))
    assert warn_at(over_friday_break) == pk("2026-11-20 14:50")


def test_elapsed_counts_open_running_time_and_nothing_before_the_start() -> None:
    paused = clock(("2026-11-23 11:10", "2026-11-23 11:30"))

    assert elapsed(paused, pk("2026-11-23 10:00")) == timedelta()
    assert elapsed(paused, pk("2026-11-23 11:20")) == timedelta(minutes=10)
    assert elapsed(paused, pk("2026-11-24 10:00")) == timedelta(hours=8, minutes=40)
    assert elapsed(paused, due(paused)) == HOUR


def test_moving_keeps_the_open_time_used_and_goes_on_by_the_other_calendar() -> None:
    early = Calendar(Week.written(mon="08:00-11:45", tue="08:00-18:00"))
    now = pk("2026-11-23 11:30")

    after = moved(clock(), early, now)

    assert after.spent == timedelta(minutes=30)
    assert due(after) == pk("2026-11-24 08:15")
    assert warn_at(after) == pk("2026-11-24 08:03")
    assert elapsed(after, pk("2026-11-24 09:00")) == timedelta(minutes=105)


def test_moving_a_paused_clock_leaves_it_paused() -> None:
    after = moved(clock(("2026-11-23 11:10", None)), ALWAYS, pk("2026-11-23 13:00"))

    assert after.spent == timedelta(minutes=10)
    assert due(after) is None


def test_moving_there_and_back_changes_no_deadline() -> None:
    there = moved(clock(), ALWAYS, pk("2026-11-23 11:20"))
    back = moved(there, SHOWROOM, pk("2026-11-23 11:40"))

    assert due(back) == due(clock())


def test_a_target_used_up_before_the_move_is_due_at_once() -> None:
    now = pk("2026-11-23 15:00")

    assert due(moved(clock(), ALWAYS, now)) == now
    assert due(moved(clock(("2026-11-23 14:00", None)), ALWAYS, now)) == now
