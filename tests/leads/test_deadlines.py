"""Deadlines of leads: what starts and ends them, what holds them up, what other hours do to them."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy import text as db_text

from app.core import clock, db
from app.core.base import Scope
from app.core.errors import Forbidden, NotFound
from app.core.feed_tables import EventRow
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.leads import queries, service
from app.leads.models import Lead, LeadClock
from app.leads.schemas import (
    AssignForm,
    BulkForm,
    Filters,
    LeadForm,
    LeadRow,
    MoveForm,
    PauseForm,
    ReplyForm,
    SnoozeForm,
    StatusForm,
)
from app.sla import service as sla
from app.sla.models import SlaPolicy
from app.sla.queries import Plan
from app.sla.schemas import ConditionsForm, HoursForm, PolicyForm, SpecialDaysForm, SpecialDaysRow
from jobs import figures
from jobs.sweeper import Sweeper
from tests.leads.conftest import Stage

KARACHI_10 = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # a Monday, 10:00 in Pakistan


class Hands:
    """The clock of the processes, moved by hand."""

    def __init__(self) -> None:
        self.at = KARACHI_10

    def now(self) -> datetime:
        return self.at

    def go(self, **much: float) -> None:
        self.at += timedelta(**much)


@pytest.fixture
def hands() -> Iterator[Hands]:
    made = Hands()
    clock.use(made.now)
    yield made
    clock.use(None)


async def lead_of(stage: Stage, lead_id: object) -> LeadRow:
    async with db.unit(stage.scope(), read=True) as session:
        return await queries.lead_row(session, Id(str(lead_id)))


async def act(stage: Stage, deed: Callable[..., Awaitable[Any]], *told: Any, by: str = "sales1") -> Any:
    """Tokens go by the clock as well, so whoever moves it cannot sign in for long: straight to the service."""
    person = stage.people[by]
    who = Principal(
        person_id=person, session_id=person, org_id=stage.orgs["ravi"], org_slug="ravi", org_name="ravi",
        org_kind="dealer", role="sales" if by.startswith("sales") else "manager", name=by.title(),
        branch_id=stage.branches["lahore"] if by.startswith("sales") else None,
    )  # fmt: skip
    scope = Scope(org_id=stage.orgs["ravi"], person_id=person, actor_id=person)
    async with db.unit(scope) as session:
        return await deed(session, who, *told)


def the(made: dict[str, object]) -> Id:
    return Id(str(made["id"]))


async def clocks(stage: Stage, lead_id: object) -> list[LeadClock]:
    async with db.unit(stage.scope(), read=True) as session:
        return list(await session.scalars(select(LeadClock).where(LeadClock.lead_id == Id(str(lead_id)))))


async def fall_due(stage: Stage, lead_id: object, at: datetime) -> None:
    """As the sweeper would, `at` that moment."""
    async with db.unit(stage.scope()) as session:
        lead = (await session.scalars(select(Lead).where(Lead.id == Id(str(lead_id))).with_for_update())).one()
        await service.fall_due(session, [lead], at)


async def told(stage: Stage, lead_id: object, tag: str) -> int:
    async with db.unit(stage.scope(), read=True) as session:
        query = select(EventRow).where(EventRow.org_id == stage.orgs["ravi"], EventRow.tag == tag)
        return sum(row.payload["id"] == str(lead_id) for row in await session.scalars(query))


async def policy(stage: Stage, **form: Any) -> None:
    async with db.unit(stage.scope()) as session:
        await sla.add_policy(session, stage.orgs["ravi"], PolicyForm(**form))


async def test_a_new_lead_is_due_in_open_time_and_a_reply_ends_that(stage: Stage, hands: Hands, phone: Any) -> None:
    hands.at = datetime(2026, 11, 20, 7, 50, tzinfo=UTC)  # Friday 12:50, ten minutes before the prayer
    made = await stage.enquiry()
    lead = await lead_of(stage, made["id"])

    assert (lead.due_kind, lead.due_at) == ("first_response", datetime(2026, 11, 20, 9, 35, tzinfo=UTC))

    hands.go(minutes=5)
    await act(stage, service.reply, the(made), ReplyForm(body="Yes.", channel="whatsapp"))
    (met,) = await clocks(stage, made["id"])
    lead = await lead_of(stage, made["id"])

    assert (met.ended_as, met.took_s) == ("met", 300)
    assert (lead.due_at, lead.breached_at) == (None, None)


async def test_the_first_rule_that_fits_decides_and_a_later_change_of_it_does_not(stage: Stage, hands: Hands) -> None:
    await policy(stage, name="Walk-ins", first_response=120, conditions=ConditionsForm(sources=["walk_in"]))
    form = LeadForm(name="Bina", phone="03011112222", branch_id=stage.branches["lahore"])
    walked_in = {"id": (await act(stage, service.walk_in, form, by="manager")).id}
    asked = await stage.enquiry()
    async with db.unit(stage.scope()) as session:
        row = (await session.scalars(select(SlaPolicy).where(SlaPolicy.name == "Walk-ins"))).one()
        await sla.change_policy(session, row.id, PolicyForm(name="Walk-ins", first_response=5))

    assert (await lead_of(stage, walked_in["id"])).due_at - hands.at == timedelta(hours=2)
    assert (await lead_of(stage, asked["id"])).due_at - hands.at == timedelta(minutes=15)
    assert [one.policy_name for one in await clocks(stage, walked_in["id"])] == ["Walk-ins"]


async def test_a_policy_s_three_targets_run_and_only_the_answer_counts(stage: Stage, hands: Hands, phone: Any) -> None:
    await policy(stage, name="All", first_response=5, next_response=15, resolution=1440)
    made = await stage.enquiry()
    first = await lead_of(stage, made["id"])
    hands.go(minutes=1)
    await act(stage, service.reply, the(made), ReplyForm(body="Yes.", channel="whatsapp"))
    answered = await lead_of(stage, made["id"])
    hands.go(minutes=1)
    await stage.enquiry(message="And the price?")
    asked_again = await lead_of(stage, made["id"])

    assert (first.due_kind, answered.due_kind, asked_again.due_kind) == (
        "first_response", "resolution", "next_response",
    )  # fmt: skip
    assert asked_again.due_at == hands.at + timedelta(minutes=15)
    assert answered.due_at == KARACHI_10 + timedelta(days=2, hours=4)  # 24 open hours, ten a day


async def test_a_deadline_warns_once_and_is_missed_once(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    due = KARACHI_10 + timedelta(minutes=15)
    await fall_due(stage, made["id"], due - timedelta(minutes=3, seconds=1))
    assert (await told(stage, made["id"], "sla.warned"), (await lead_of(stage, made["id"])).soon_since) == (0, None)

    for at in (due - timedelta(minutes=3), due - timedelta(minutes=1), due, due + timedelta(hours=3)):
        await fall_due(stage, made["id"], at)
    lead = await lead_of(stage, made["id"])

    assert [await told(stage, made["id"], tag) for tag in ("sla.warned", "sla.breached")] == [1, 1]
    assert (lead.breached_at, lead.late_since, lead.soon_since) == (due, due, None)
    async with db.unit(stage.scope(), read=True) as session:
        late = await queries.find_leads(session, Filters(view="late"), me=stage.people["sales1"], within=None)
        counts = await queries.counts(session, within=None)
    assert ([row.id for row in late.items], counts.late, counts.soon) == ([the(made)], 1, 0)


async def test_a_late_lead_may_be_taken_over_by_a_colleague(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await act(stage, service.claim, the(made), by="sales2")
    mine = AssignForm(assignee_id=stage.people["sales1"])
    with pytest.raises(Forbidden):
        await act(stage, service.assign, the(made), mine)
    await fall_due(stage, made["id"], hands.at + timedelta(minutes=15))
    await act(stage, service.assign, the(made), mine)

    assert (await lead_of(stage, made["id"])).assignee_id == stage.people["sales1"]


async def test_the_sweeper_fires_what_is_due_by_the_database_s_clock(stage: Stage) -> None:
    made = await stage.enquiry()
    async with db.unit(stage.scope()) as session:
        past = "now() - interval '1 minute'"
        await session.execute(db_text(f"update lead_clock set warn_at = {past}, due_at = {past}"))  # noqa: S608
        await session.execute(db_text(f"update lead set alarm_at = {past}, due_at = {past}"))  # noqa: S608
    fired = [await Sweeper().turn() for _ in range(3)]

    assert (sum(fired), await told(stage, made["id"], "sla.breached")) == (1, 1)


async def test_many_that_come_at_once_are_few_round_trips(stage: Stage) -> None:
    for number in range(8):
        await stage.enquiry(phone=f"0300 12345{number:02}")
    at, told = clock.now() + timedelta(days=10), list[str]()

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    async with db.unit(stage.scope()) as session:
        leads = list(await session.scalars(select(Lead).with_for_update()))
        running = list(await session.scalars(select(LeadClock).order_by(LeadClock.lead_id)))
        for one in running[::2]:
            one.due_at = at + timedelta(days=1)  # every second one is only near
        await session.flush()
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            await service.fall_due(session, leads, at)
            await session.flush()
        finally:
            event.remove(Engine, "before_cursor_execute", listen)

    assert len(leads) == 8
    assert {one.breached_at is None for one in running} == {True, False}
    assert len(told) <= 6, told


async def test_closing_ends_it_and_thanks_afterwards_start_nothing(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await act(stage, service.change_status, the(made), StatusForm(status="lost", reason="price"))
    await fall_due(stage, made["id"], hands.at + timedelta(days=3))
    lead = await lead_of(stage, made["id"])

    assert (lead.due_at, lead.breached_at, await told(stage, made["id"], "sla.breached")) == (None, None, 0)


async def test_taking_a_closing_back_goes_on_as_if_it_had_not_been(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    before = (await lead_of(stage, made["id"])).due_at
    batch = await act(stage, service.bulk, BulkForm(ids=[the(made)], action="status", status="won"))
    closed = (await lead_of(stage, made["id"])).due_at
    hands.go(minutes=4)
    await act(stage, service.undo, batch.batch_id)

    assert (closed, (await lead_of(stage, made["id"])).due_at) == (None, before)


async def test_a_pause_of_twenty_minutes_moves_it_by_twenty(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    before = (await lead_of(stage, made["id"])).due_at
    hands.go(minutes=5)
    await act(stage, service.pause, the(made), PauseForm(reason="test_drive"))
    held = await lead_of(stage, made["id"])
    hands.go(minutes=20)
    await act(stage, service.resume, the(made))
    resumed = await lead_of(stage, made["id"])

    assert before is not None
    assert (held.due_at, held.paused_for) == (None, "test_drive")
    assert (resumed.due_at, resumed.paused_for) == (before + timedelta(minutes=20), None)


async def test_a_pause_needs_one_of_our_reasons_and_a_moment_to_come(stage: Stage) -> None:
    made = await stage.enquiry()
    answers = [
        await stage.callers["sales1"].post(f"leads/{made['id']}/pause", body)
        for body in ({}, {"reason": "because"}, {"reason": "papers", "until": "2026-01-01T00:00:00Z"})
    ]
    held = await stage.callers["sales1"].post(f"leads/{made['id']}/pause", {"reason": "papers"})

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert (held.json()["paused_for"], held.json()["due_at"]) == ("papers", None)


async def test_a_pause_excuses_what_is_late_for_as_long_as_it_lasts(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await fall_due(stage, made["id"], hands.at + timedelta(minutes=15))
    hands.go(minutes=20)
    await act(stage, service.pause, the(made), PauseForm(reason="test_drive", until=hands.at + timedelta(hours=1)))
    held = await lead_of(stage, made["id"])
    hands.go(hours=1)
    await fall_due(stage, made["id"], hands.at)
    after = await lead_of(stage, made["id"])

    assert (held.due_at, held.late_since, held.paused_for) == (None, None, "test_drive")
    assert (after.late_since, after.paused_for) == (KARACHI_10 + timedelta(minutes=15), None)
    assert await told(stage, made["id"], "sla.breached") == 1


async def test_a_pause_that_ends_by_itself_is_reckoned_ahead(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    until = hands.at + timedelta(minutes=30)
    await act(stage, service.pause, the(made), PauseForm(reason="finance", until=until))
    held = await lead_of(stage, made["id"])

    assert held.due_at == until + timedelta(minutes=15)


async def test_a_buyer_who_asks_again_ends_the_pause(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await act(stage, service.pause, the(made), PauseForm(reason="buyer_decides"))
    hands.go(minutes=10)
    await stage.enquiry(message="I take it.")
    lead = await lead_of(stage, made["id"])

    assert (lead.paused_for, lead.due_at) == (None, hands.at + timedelta(minutes=15))


async def test_another_branch_keeps_the_time_used_and_goes_by_its_own_hours(stage: Stage, hands: Hands) -> None:
    async with db.unit(stage.scope()) as session:
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "12:00-20:00")
        form = HoursForm(branch_id=stage.branches["gujranwala"], **week)
        await sla.set_hours(session, stage.orgs["ravi"], form)
    made = await stage.enquiry()
    hands.go(minutes=10)
    await act(stage, service.move, the(made), MoveForm(branch_id=stage.branches["gujranwala"]))
    moved = await lead_of(stage, made["id"])

    assert (moved.branch, moved.assignee_id) == ("gujranwala", None)
    assert moved.due_at == KARACHI_10 + timedelta(hours=2, minutes=5)
    with pytest.raises(NotFound):
        await act(stage, service.claim, the(made))


async def test_other_hours_move_what_runs_with_a_fact_each_and_the_preview_said_so(stage: Stage, hands: Hands) -> None:
    here, there = await stage.enquiry(), await stage.enquiry(car="civic", phone="03017654321")
    form = SpecialDaysForm(
        kind="closure", name="Stock-taking", first=KARACHI_10.date(), last=KARACHI_10.date(),
        branch_id=stage.branches["lahore"],
    )  # fmt: skip
    days = SpecialDaysRow(id=new_id(), kind=form.kind, name=form.name, first=form.first, last=form.last, week=None,
                          branch_id=form.branch_id, holiday=None, version=1)  # fmt: skip
    async with db.unit(stage.scope(), read=True) as session:
        foreseen = await service.preview(session, Plan(branch_id=form.branch_id, days=days))
    async with db.unit(stage.scope()) as session:
        await sla.add_days(session, stage.orgs["ravi"], form)
    for _ in range(2):
        async with db.unit(stage.scope()) as session:
            await service.follow_hours(session, stage.branches["lahore"])
    due = (await lead_of(stage, here["id"])).due_at

    assert due == KARACHI_10 + timedelta(days=1, minutes=15)
    assert [(moved.lead_id, moved.before, moved.after) for moved in foreseen] == [
        (the(here), KARACHI_10 + timedelta(minutes=15), due)
    ]
    assert (await lead_of(stage, there["id"])).due_at == KARACHI_10 + timedelta(minutes=15)
    assert [await told(stage, made["id"], "sla.deadline_moved") for made in (here, there)] == [1, 0]


async def test_a_merge_owes_the_answer_in_the_other_lead_until_undone(stage: Stage, hands: Hands) -> None:
    first = await stage.enquiry()
    await act(stage, service.change_status, the(first), StatusForm(status="contacted"))
    hands.go(minutes=3)
    second = await stage.enquiry(phone="03009998877")
    due = (await lead_of(stage, second["id"])).due_at
    await act(stage, service.merge, the(second), the(first))
    merged = await lead_of(stage, first["id"])
    await act(stage, service.unmerge, the(second))

    assert (merged.due_at, (await lead_of(stage, first["id"])).due_at) == (due, None)
    assert (await lead_of(stage, second["id"])).due_at == due


async def test_a_snoozed_lead_comes_back_before_it_is_late(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await act(stage, service.snooze, the(made), SnoozeForm(until=hands.at + timedelta(days=2)))
    await fall_due(stage, made["id"], hands.at + timedelta(minutes=12))

    assert (await lead_of(stage, made["id"])).snoozed_until is None


async def test_an_archived_lead_is_never_late(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await act(stage, service.archive, the(made))
    await fall_due(stage, made["id"], hands.at + timedelta(days=1))
    hands.go(days=1)
    await act(stage, service.restore, the(made))
    lead = await lead_of(stage, made["id"])

    assert (lead.breached_at, lead.due_at) == (None, hands.at + timedelta(minutes=15))


async def test_spam_is_owed_nothing_until_it_is_none(stage: Stage, hands: Hands) -> None:
    made = await stage.enquiry()
    await act(stage, service.change_status, the(made), StatusForm(status="spam"))
    spam = (await lead_of(stage, made["id"])).due_at
    hands.go(hours=2)
    await act(stage, service.change_status, the(made), StatusForm(status="new"))

    assert spam is None
    assert (await lead_of(stage, made["id"])).due_at == hands.at + timedelta(minutes=15)


async def test_what_is_overdue_shows_in_the_metrics(stage: Stage) -> None:
    await stage.enquiry()
    async with db.unit(stage.scope()) as session:
        await session.execute(db_text("update lead set alarm_at = now() - interval '90 seconds'"))
    await figures.read()
    shown = [gauge.labels(timer="lead.deadline")._value.get() for gauge in (figures.OVERDUE, figures.OVERDUE_LAG)]

    assert shown[0] == 1
    assert 90 <= shown[1] < 150
