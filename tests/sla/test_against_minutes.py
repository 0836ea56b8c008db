"""The engine against an oracle that walks minute by minute, over calendars nobody would draw by hand."""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.sla.rules import (
    Calendar,
    Clock,
    Closure,
    Interval,
    NeverOpen,
    Override,
    Pause,
    Week,
    add_business,
    business_between,
    closes_at,
    due,
    elapsed,
    is_open,
    opens_next,
)

MINUTE, DAYS = timedelta(minutes=1), 7
# Each window has a change of clocks in London in its middle.
WINDOWS = (date(2026, 3, 26), date(2026, 10, 22))

Raw = list[list[tuple[int, int]]]


@st.composite
def weeks(draw: st.DrawFn) -> Raw:
    """Days of up to three intervals on a grid of ten minutes; sometimes one that ends after midnight."""
    days = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(13, 144), max_size=6)))
        day = [(opens * 10, closes * 10) for opens, closes in zip(edges[::2], edges[1::2], strict=False)]
        if draw(st.integers(0, 3)) == 0:
            day = [one for one in day if one[1] <= 1200] + [(draw(st.integers(1200, 1439)), draw(st.integers(0, 120)))]
        days.append(draw(st.permutations(day)))
    return days


@st.composite
def drawn(draw: st.DrawFn) -> tuple[date, Raw, list[tuple[date, date, Raw]], list[tuple[date, date]], ZoneInfo]:
    first = draw(st.sampled_from(WINDOWS))

    def days() -> tuple[date, date]:
        begins = draw(st.integers(-2, DAYS))
        return first + timedelta(begins), first + timedelta(begins + draw(st.integers(0, 4)))

    overrides = [(*days(), draw(weeks())) for _ in range(draw(st.integers(0, 3)))]
    closures = [days() for _ in range(draw(st.integers(0, 2)))]
    zone = ZoneInfo(draw(st.sampled_from(("Asia/Karachi", "Europe/London"))))
    return first, draw(weeks()), overrides, closures, zone


def built(week: Raw, overrides: list, closures: list, zone: ZoneInfo) -> Calendar:
    def table(raw: Raw) -> Week:
        return Week(tuple(tuple(Interval(*one) for one in day) for day in raw))

    return Calendar(
        table(week),
        tuple(Override("override", first, last, table(raw)) for first, last, raw in overrides),
        tuple(Closure("closure", first, last) for first, last in closures),
        zone,
    )


def hours_of(day: date, week: Raw, overrides: list, closures: list) -> list[tuple[int, int]]:
    if any(first <= day <= last for first, last in closures):
        return []
    ruling = [one for one in overrides if one[0] <= day <= one[1]]
    if ruling:
        week = min(ruling, key=lambda one: (one[1] - one[0], one[0].toordinal() * -1))[2]
    return week[day.weekday()]


def open_minutes(
    first: date, week: Raw, overrides: list, closures: list, zone: ZoneInfo
) -> tuple[datetime, list[bool]]:
    """Whether each minute of the window is open, asked of the wall clock."""
    start = datetime.combine(first, datetime.min.time(), zone).astimezone(UTC)
    table = {
        first + timedelta(n): hours_of(first + timedelta(n), week, overrides, closures) for n in range(-1, DAYS + 2)
    }

    def is_open_at(wall: datetime) -> bool:
        # The hour that London repeats is, the second time, what 01:59 was.
        minute = 119 if wall.fold else wall.hour * 60 + wall.minute
        today, before = table[wall.date()], table[wall.date() - timedelta(1)]
        return any(opens <= minute < (closes if opens < closes else 1440) for opens, closes in today) or any(
            minute < closes < opens for opens, closes in before
        )

    return start, [is_open_at((start + n * MINUTE).astimezone(zone)) for n in range(DAYS * 1440)]


@settings(max_examples=40, deadline=None)
@given(drawn(), st.data())
def test_it_agrees_with_a_walk_minute_by_minute(given_calendar: tuple, data: st.DataObject) -> None:
    first, *parts = given_calendar
    calendar = built(*parts)
    start, flags = open_minutes(first, *parts)
    passed = [0, *accumulate(flags)]
    turns = [n for n, (before, after) in enumerate(pairwise(flags), 1) if before != after]

    for _ in range(20):
        begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(flags) - 1)] * 2)))
        at, length = start + begin * MINUTE, passed[end] - passed[begin]
        assert is_open(calendar, at) is flags[begin]
        assert business_between(calendar, at, start + end * MINUTE) == length * MINUTE
        if length:
            due_after = next(n for n in range(begin, len(passed)) if passed[n] - passed[begin] == length)
            assert add_business(calendar, at, length * MINUTE) == start + due_after * MINUTE
        opening = next((n for n in turns if n > begin and flags[n]), None)
        closing = next((n for n in turns if n > begin and not flags[n]), None)
        if opening is not None:
            assert opens_next(calendar, at) == start + opening * MINUTE
        if closing is not None:
            assert closes_at(calendar, at) == start + closing * MINUTE


lengths = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=150, deadline=None)
@given(drawn(), moments, lengths, lengths)
def test_adding_and_counting_are_exact_inverses_and_never_run_back(
    given_calendar: tuple, start: datetime, shorter: timedelta, longer: timedelta
) -> None:
    calendar, (shorter, longer) = built(*given_calendar[1:]), sorted((shorter, longer))
    try:
        soon, later = (add_business(calendar, start, length) for length in (shorter, longer))
    except NeverOpen:
        assert not any(given_calendar[1])
        return

    assert start <= soon <= later
    assert business_between(calendar, start, soon) == shorter
    assert business_between(calendar, start, later) == longer
    assert business_between(calendar, soon, later) == longer - shorter
    if shorter:
        assert business_between(calendar, start, soon - timedelta(microseconds=1)) < shorter


@settings(max_examples=120, deadline=None)
@given(drawn(), moments, lengths, st.lists(st.tuples(lengths, lengths), max_size=4))
def test_a_clock_has_used_exactly_its_target_when_it_is_due(
    given_calendar: tuple, started: datetime, target: timedelta, gaps: list[tuple[timedelta, timedelta]]
) -> None:
    pauses = tuple(Pause(started + after, started + after + lasting) for after, lasting in gaps)
    clock = Clock(built(*given_calendar[1:]), started, target, pauses)
    try:
        at = due(clock)
    except NeverOpen:
        return

    assert at is not None
    assert elapsed(clock, at) == target
    if target:
        assert elapsed(clock, at - timedelta(microseconds=1)) < target
