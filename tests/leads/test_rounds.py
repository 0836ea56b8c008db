"""Leads dealt in turn: evenly, up to capacity, the oldest first; and given back by whoever leaves."""

from collections import Counter
from typing import Any

from sqlalchemy import text

from app.core import attendance, db
from app.core.ids import Id
from app.leads import service
from jobs.sweeper import Sweeper
from tests.leads.conftest import Stage


async def settle() -> None:
    """What is due happens."""
    sweeper = Sweeper()
    while await sweeper.turn():
        pass


async def deal(stage: Stage, capacity: int = 2, branch: str = "lahore", **more: Any) -> None:
    body = {"turns": True, "capacity": capacity, **more}
    answer = await stage.callers["manager"].put(f"lead-rounds/{stage.branches[branch]}", body)
    assert answer.status_code == 200, answer.text


async def come(stage: Stage, *names: str) -> None:
    await attendance.tell(stage.orgs["ravi"], [stage.people[name] for name in names])


async def go_away(stage: Stage, name: str) -> None:
    """Their last screen closed more than a minute ago."""
    async with db.unit(stage.scope()) as session:
        await session.execute(
            text("update duty set online_until = now() - interval '1 second' where user_id = :id"),
            {"id": stage.people[name]},
        )


async def held(stage: Stage) -> Counter[str | None]:
    """How many leads each has; None: nobody."""
    names = {str(person): name for name, person in stage.people.items()}
    rows = (await stage.callers["owner"].get("leads?view=open&limit=100")).json()["items"]
    return Counter(names.get(row["assignee_id"]) for row in rows)


async def arrive(stage: Stage, count: int, start: int = 0) -> list[Id]:
    return [Id(str((await stage.enquiry(phone=f"0300 12345{n:02}"))["id"])) for n in range(start, start + count)]


async def third_agent(stage: Stage) -> None:
    body = {"branch_id": str(stage.branches["lahore"]), "role": "sales"}
    answer = await stage.callers["owner"].patch(f"users/{stage.people['sales3']}", body)
    assert answer.status_code == 200, answer.text


async def test_seven_leads_for_three_with_room_for_two_leave_one_waiting(stage: Stage) -> None:
    await third_agent(stage)
    await deal(stage)
    await come(stage, "sales1", "sales2", "sales3")
    leads = await arrive(stage, 7)
    await settle()

    assert await held(stage) == {"sales1": 2, "sales2": 2, "sales3": 2, None: 1}
    waiting = (await stage.callers["owner"].get(f"leads/{leads[-1]}")).json()
    assert waiting["assignee_id"] is None

    await stage.callers["owner"].patch(f"leads/{leads[0]}/status", {"status": "won"})
    await settle()

    assert (await stage.callers["owner"].get(f"leads/{leads[-1]}")).json()["assignee_id"] is not None


async def test_whoever_waits_longest_gets_the_next(stage: Stage) -> None:
    await deal(stage, capacity=10)
    await come(stage, "sales1", "sales2")
    given = []
    for n in range(4):
        (lead,) = await arrive(stage, 1, n)
        await settle()
        given.append((await stage.callers["owner"].get(f"leads/{lead}")).json()["assignee_id"])

    assert given[0] != given[1]
    assert given[:2] == given[2:]


async def test_the_oldest_waiting_lead_goes_out_when_somebody_comes_or_gets_room(stage: Stage) -> None:
    await deal(stage, capacity=1)
    first, second = await arrive(stage, 2)
    await settle()
    assert await held(stage) == {None: 2}

    await come(stage, "sales1")
    await settle()
    assert (await stage.callers["owner"].get(f"leads/{first}")).json()["assignee_id"] == str(stage.people["sales1"])
    assert await held(stage) == {"sales1": 1, None: 1}

    await stage.callers["manager"].put(f"duty/{stage.people['sales1']}/capacity", {"capacity": 2})
    await settle()
    assert (await stage.callers["owner"].get(f"leads/{second}")).json()["assignee_id"] == str(stage.people["sales1"])


async def test_a_branch_that_deals_nothing_leaves_leads_to_be_taken(stage: Stage) -> None:
    await come(stage, "sales1", "sales2")
    await arrive(stage, 2)
    await settle()

    assert await held(stage) == {None: 2}


async def test_who_is_off_duty_gets_nothing(stage: Stage) -> None:
    await deal(stage)
    await come(stage, "sales1", "sales2")
    await stage.callers["sales1"].put("duty", {"on_duty": False})
    await arrive(stage, 3)
    await settle()

    assert await held(stage) == {"sales2": 2, None: 1}


async def test_leads_nobody_answered_come_back_from_who_went_away(stage: Stage, phone: Any) -> None:
    await deal(stage)
    await come(stage, "sales1")
    answered, untouched = await arrive(stage, 2)
    await settle()
    await stage.callers["sales1"].post(f"leads/{answered}/replies", {"body": "Yes.", "channel": "whatsapp"})
    await go_away(stage, "sales1")
    await settle()
    entries = (await stage.callers["owner"].get(f"leads/{untouched}/timeline")).json()

    assert await held(stage) == {"sales1": 1, None: 1}
    told = [(entry["kind"], entry["subject_name"]) for entry in entries]
    assert told == [("enquiry", None), ("dealt", "Sales1"), ("given_back", "Sales1")]

    await come(stage, "sales2")
    await settle()
    assert await held(stage) == {"sales1": 1, "sales2": 1}


async def test_a_phone_in_the_pocket_is_not_away(stage: Stage) -> None:
    await deal(stage)
    await come(stage, "sales1")
    await stage.callers["sales1"].put("duty", {"on_duty": True, "stays": True})
    await arrive(stage, 1)
    await settle()
    await go_away(stage, "sales1")
    await arrive(stage, 1, 1)
    await settle()

    assert await held(stage) == {"sales1": 2}


async def test_who_leaves_gives_everything_back(stage: Stage, phone: Any) -> None:
    lead, other = await arrive(stage, 2)
    for one in (lead, other):
        await stage.callers["sales1"].post(f"leads/{one}/claim", {})
    await stage.callers["sales1"].post(f"leads/{lead}/replies", {"body": "Yes.", "channel": "whatsapp"})
    await stage.callers["owner"].delete(f"users/{stage.people['sales1']}")
    async with db.unit(stage.scope()) as session:
        await service.leave(session, stage.people["sales1"])

    assert await held(stage) == {None: 2}


async def test_a_round_is_changed_by_heads_over_what_they_saw(stage: Stage) -> None:
    path = f"lead-rounds/{stage.branches['lahore']}"
    by_sales = await stage.callers["sales1"].put(path, {"turns": True})
    foreign = await stage.callers["indus-owner"].put(path, {"turns": True})
    first = await stage.callers["manager"].put(path, {"turns": True, "capacity": 3, "version": 0})
    stale = await stage.callers["owner"].put(path, {"turns": False, "version": 0})

    assert [answer.status_code for answer in (by_sales, foreign, first, stale)] == [403, 404, 200, 412]
    assert (first.json()["turns"], first.json()["capacity"], first.json()["version"]) == (True, 3, 1)
