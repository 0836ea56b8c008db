"""Hours as people enter them: sorted, joined, carried over midnight, or refused with the day and the interval."""

from datetime import date

import msgspec
import pytest

from app.sla.rules import BadDates, BadHours, Closure, Interval, Override, Week
from tests.sla.showroom import WEEK


def test_unsorted_hours_are_sorted() -> None:
    assert Week.written(fri="14:30-20:00 10:00-13:00") == Week.written(fri="10:00-13:00 14:30-20:00")


def test_hours_that_touch_are_joined() -> None:
    assert Week.written(mon="13:00-20:00 10:00-13:00 20:00-24:00").days[0] == (Interval(600, 1440),)


@pytest.mark.parametrize("closes", [60, 1500])
def test_a_block_past_midnight_may_be_given_either_way(closes: int) -> None:
    days = (((Interval(1260, closes),)), *((),) * 6)

    assert Week(days) == Week.written(mon="21:00-01:00")
    assert str(Week(days).days[0][0]) == "21:00-01:00"


def test_midnight_ends_a_day_under_either_name() -> None:
    assert Week.written(mon="21:00-00:00") == Week.written(mon="21:00-24:00")


@pytest.mark.parametrize(
    ("hours", "interval", "why"),
    [
        ("10:00-13:00 12:00-20:00", "12:00-20:00", "overlaps 10:00-13:00"),
        ("10:00-20:00 10:00-20:00", "10:00-20:00", "overlaps"),
        ("21:00-01:00 22:00-23:00", "22:00-23:00", "overlaps 21:00-01:00"),
        ("10:00-10:00", "10:00-10:00", "is empty"),
        ("20:00-10:00", "20:00-10:00", "ends before it begins, or runs past 06:00"),
        ("24:00-01:00", "24:00-01:00", "is out of range"),
        ("10:00-25:00", "10:00-25:00", "is out of range"),
        ("10:60-12:00", "10:60-12:00", "is not written as"),
        ("10am", "10am", "is not written as"),
        ("13pm-8pm", "13pm-8pm", "is not written as"),
        ("10-8", "10:00-08:00", "ends before it begins"),
    ],
)
def test_hours_nobody_can_keep_name_the_day_and_the_interval(hours: str, interval: str, why: str) -> None:
    with pytest.raises(BadHours, match=why) as refused:
        Week.written(fri=hours)

    assert (refused.value.day, refused.value.interval) == ("Friday", interval)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("10am-8pm", "10:00-20:00"),
        ("10 a.m. – 8:30 PM", "10:00-20:30"),
        ("10-20", "10:00-20:00"),
        ("10-8pm", "10:00-20:00"),
        ("1-5pm", "13:00-17:00"),
        ("9 to 1pm and 2.30pm to 8pm", "09:00-13:00 14:30-20:00"),
        ("10:00 - 13:00, 14:30 - 20:00", "10:00-13:00 14:30-20:00"),
        ("9pm-12am", "21:00-24:00"),
        ("12pm-12:30pm", "12:00-12:30"),
        ("۱۰:۰۰-۲۰:۰۰", "10:00-20:00"),
        ("\u2067۱۰–۱۳، ۱۴:۳۰–۲۰\u2069", "10:00-13:00 14:30-20:00"),
        ("صبح ۱۰ بجے سے رات ۸ بجے تک", "10:00-20:00"),
        ("۹ صبح تا ۵ شام", "09:00-17:00"),
        ("subah 10 se raat 8 tak", "10:00-20:00"),
        ("sham 7 se raat 1 tak", "19:00-01:00"),
        ("Closed", ""),
        ("بند", ""),
        ("-", ""),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: str) -> None:
    assert Week.written(fri=typed) == Week.written(fri=hours)


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (1440, 1500), (600, 1801), (600, -5)])
def test_minutes_outside_a_day_are_refused(opens: int, closes: int) -> None:
    with pytest.raises(BadHours, match="out of range"):
        Week(((Interval(opens, closes),), *((),) * 6))


def test_a_late_block_must_not_run_into_the_next_mornings_hours() -> None:
    with pytest.raises(BadHours, match=r"Tuesday: 00:30-02:00 begins within 21:00-01:00 of the night before"):
        Week.written(mon="21:00-01:00", tue="00:30-02:00")
    with pytest.raises(BadHours, match="Monday"):
        Week.written(sun="21:00-01:00", mon="00:30-02:00")
    Week.written(mon="21:00-01:00", tue="01:00-02:00")


def test_a_week_has_seven_days() -> None:
    with pytest.raises(BadHours, match="seven"):
        Week(((),) * 6)


def test_a_week_read_from_json_is_checked_and_tidied_like_any_other() -> None:
    assert msgspec.json.decode(msgspec.json.encode(WEEK), type=Week) == WEEK
    with pytest.raises(msgspec.ValidationError, match="Monday: 10:00-10:00 is empty"):
        msgspec.json.decode(b'{"days":[[{"opens":600,"closes":600}],[],[],[],[],[],[]]}', type=Week)


def test_a_range_of_days_must_not_end_before_it_begins() -> None:
    with pytest.raises(BadDates, match="Eid"):
        Closure("Eid", date(2027, 3, 12), date(2027, 3, 10))
    with pytest.raises(BadDates, match="Ramadan"):
        Override("Ramadan", date(2027, 3, 9), date(2027, 2, 9), WEEK)
