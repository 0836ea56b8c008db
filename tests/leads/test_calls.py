"""Whom to call now, and what a call is worth: only a talk answers the buyer."""

from datetime import timedelta

from sqlalchemy import select

from app.core import db
from app.leads import queries, service
from app.leads.models import Lead
from app.leads.schemas import Filters, LeadForm, PauseForm, SnoozeForm
from tests.leads.conftest import Stage
from tests.leads.test_deadlines import KARACHI_10, Hands, act, clocks, hands, lead_of, policy, the, told

__all__ = ["hands"]

KEY = {"idempotency-key": "one-tap"}


async def to_call(stage: Stage, branch: str = "lahore", limit: int = 50) -> list[str]:
    """The whole list, page by page."""
    found, cursor = list[str](), None
    async with db.unit(stage.scope(), read=True) as session:
        within, me = stage.branches[branch], stage.people["sales1"]
        while True:
            page = await queries.find_leads(
                session, Filters(view="call"), me=me, within=within, cursor=cursor, limit=limit
            )
            found += [str(row.id) for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                assert (await queries.counts(session, within=within)).call == len(found)
                return found


async def come_up(stage: Stage, hands: Hands) -> None:
    """As the sweeper would, now."""
    async with db.unit(stage.scope()) as session:
        due = select(Lead).where(Lead.call_at <= hands.at).with_for_update()
        await service.come_up(session, list(await session.scalars(due)), hands.at)


async def test_those_to_call_come_up_fifteen_open_minutes_before_and_stand_by_due_then_value(
    stage: Stage, hands: Hands
) -> None:
    await policy(stage, name="Hour", first_response=60)
    hands.at = KARACHI_10 + timedelta(hours=9, minutes=50)  # ten minutes before closing
    first = await stage.enquiry(phone="0300 1111111")
    hands.go(minutes=5)
    poor = await act(stage, service.walk_in, LeadForm(name="No car yet", phone="0300 2222222", source="phone"))
    dear = await stage.enquiry(phone="0300 3333333")
    early = await to_call(stage)
    hands.at = KARACHI_10 + timedelta(days=1, minutes=34, seconds=59)
    await come_up(stage, hands)
    a_second_before = await to_call(stage)
    hands.go(seconds=1)
    await come_up(stage, hands)
    one = await to_call(stage)
    hands.go(minutes=5)
    await come_up(stage, hands)
    await come_up(stage, hands)
    all_ = await to_call(stage, limit=1)
    await act(stage, service.pause, the(dear), PauseForm(reason="buyer_decides", until=hands.at + timedelta(minutes=5)))
    paused = await to_call(stage)
    hands.go(minutes=5)
    await come_up(stage, hands)
    resumed = await to_call(stage)
    await act(stage, service.snooze, the(first), SnoozeForm(choice="hour"))

    assert (early, a_second_before, one) == ([], [], [first["id"]])
    assert all_ == [first["id"], dear["id"], str(poor.id)]
    assert paused == [first["id"], str(poor.id)]
    assert resumed == [first["id"], str(poor.id), dear["id"]]
    assert await to_call(stage) == [str(poor.id), dear["id"]]
    assert await to_call(stage, "gujranwala") == []
    assert await told(stage, first["id"], "lead.call_due") == 1


async def test_a_call_is_put_down_once_and_only_a_talk_answers_the_buyer(stage: Stage) -> None:
    made = await stage.enquiry()
    url, mine = f"leads/{made['id']}/calls", stage.callers["sales1"]
    once = await mine.post(url, {}, headers=KEY)
    again = await mine.post(url, {}, headers=KEY)
    rung = (await mine.get(f"leads/{made['id']}")).json()
    in_vain = await mine.patch(f"{url}/{once.json()['id']}", {"outcome": "no_answer"})
    waits = (await mine.get(f"leads/{made['id']}")).json()
    second = await mine.post(url, {"outcome": "talked"})
    (met,) = await clocks(stage, made["id"])
    spoken = (await mine.get(f"leads/{made['id']}")).json()
    took_back = await mine.patch(f"{url}/{second.json()['id']}", {"outcome": "no_answer"})
    (runs,) = await clocks(stage, made["id"])
    unspoken = await lead_of(stage, made["id"])
    entries = (await mine.get(f"leads/{made['id']}/timeline")).json()

    assert (once.status_code, again.status_code, once.json()) == (201, 200, again.json())
    assert (rung["due_at"], rung["waiting"], rung["assignee_id"]) == (waits["due_at"], True, None)
    assert (in_vain.json()["data"]["outcome"], waits["status"], waits["waiting"]) == ("no_answer", "new", True)
    assert (met.ended_as, spoken["status"], spoken["due_at"]) == ("met", "contacted", None)
    assert (spoken["assignee_id"], spoken["waiting"]) == (str(stage.people["sales1"]), False)
    assert took_back.status_code == 200
    assert (runs.ended_at, unspoken.due_at is not None, unspoken.first_replied_at) == (None, True, None)
    assert [one["data"]["outcome"] for one in entries if one["kind"] == "call"] == ["no_answer", "no_answer"]
    assert await told(stage, made["id"], "lead.called") == 4


async def test_nobody_rings_another_branch_s_buyer_or_one_without_a_number(stage: Stage) -> None:
    made = await stage.enquiry()
    url = f"leads/{made['id']}/calls"
    call = (await stage.callers["sales1"].post(url, {})).json()
    strangers = [
        await stage.callers[name].patch(f"{url}/{call['id']}", {"outcome": "talked"})
        for name in ("sales3", "indus-owner", "readonly")
    ]
    note = await stage.callers["sales1"].post(f"leads/{made['id']}/notes", {"body": "Hm"})
    no_call = await stage.callers["sales1"].patch(f"{url}/{note.json()['id']}", {"outcome": "talked"})

    assert [answer.status_code for answer in strangers] == [404, 404, 403]
    assert no_call.status_code == 404
