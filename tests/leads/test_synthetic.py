"""`desk seed --leads N`: as many as were asked for, at every branch with cars, as good as any, twice the same."""

from collections import Counter

import asyncpg

from app.core import db
from app.core.settings import Settings
from app.leads.service import preview
from app.leads.service.synthetic import fill
from app.sla import queries as sla
from tests.leads.conftest import Stage


async def content(settings: Settings) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        found: list[asyncpg.Record] = await connection.fetch(
            "select b.slug branch, l.ref, l.status, l.lost_reason, l.assignee_id is null unassigned, l.version, "
            "(select count(*) from lead_event e where e.lead_id = l.id) entries from lead l "
            "join branch b on b.id = l.branch_id order by 1, 2"
        )
        return found
    finally:
        await connection.close()


async def test_invented_leads_are_the_same_every_time(stage: Stage, settings: Settings) -> None:
    heard: list[int] = []
    assert await fill(90, told=heard.append) == 90
    before = await content(settings)
    assert await fill(90) == 0
    assert await content(settings) == before
    assert await fill(93) == 3

    assert sum(heard) == len(before) == 90
    assert Counter(row["branch"] for row in before) == {"lahore": 30, "gujranwala": 30, "karachi": 30}
    assert {row["status"] for row in before} > {"new", "contacted", "lost", "won"}
    assert all((row["status"] == "lost") == (row["lost_reason"] is not None) for row in before)
    assert all((row["status"] in ("new", "spam")) == (row["entries"] < 4) for row in before)


async def test_invented_leads_have_the_deadlines_they_would_have(stage: Stage, settings: Settings) -> None:
    """Nothing is due by itself afterwards, and reckoning them again by the hours there are moves none."""
    await fill(120)
    connection = await asyncpg.connect(settings.database_owner_url)
    wrong = await connection.fetch(
        "select l.ref, l.status from lead l left join lead_clock c on c.lead_id = l.id and c.kind = 'first_response' "
        "where c.id is null or (l.status = 'new') <> (c.ended_at is null) or (c.breached_at is null) <> "
        "(coalesce(c.ended_at, now()) < c.due_at) or l.alarm_at <= now() "
        "or c.ended_as is distinct from case when l.status = 'spam' then 'spam' when l.status <> 'new' then 'met' end"
    )
    kinds = await connection.fetch("select distinct late_since is null late, soon_since is null soon from lead")
    await connection.close()
    moved = []
    for org in ("ravi", "indus"):
        async with db.unit(stage.scope(org)) as session:
            moved += await preview(session, sla.Plan())

    assert wrong == moved == []
    assert {row["late"] for row in kinds} == {True, False}


async def test_invented_leads_are_worked_on_as_any_other(stage: Stage) -> None:
    await fill(30)
    owner = stage.callers["owner"]
    waiting = (await owner.get("leads?view=unassigned&limit=100")).json()["items"]
    one = (await owner.get(f"leads/{waiting[0]['id']}")).json()

    assert {lead["branch"] for lead in waiting} == {"lahore", "gujranwala"}
    assert one["phone"].startswith("+923")
    assert one["name"]
    assert (await owner.get(f"leads?q={one['phone'][-7:]}&view=all")).json()["items"][0]["id"] == one["id"]
    assert (await owner.post(f"leads/{one['id']}/claim")).status_code == 200
