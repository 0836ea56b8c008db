"""The heads hear of a branch's day when it closes: once, by its hours, with figures that open their lists."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app import wiring
from app.adapters.mail import MemoryMailer
from app.core import db
from app.core.base import Scope
from app.core.feed_tables import EventRow
from app.core.ids import Id
from app.core.jobs_ledger import burst
from app.leads import queries as leads
from app.leads.schemas import Filters
from app.sla import service as sla
from app.sla.models import BranchDay
from app.sla.schemas import HoursForm, SpecialDaysForm
from jobs.sweeper import Sweeper
from tests.leads.conftest import Stage
from tests.notices.conftest import Late, moved
from tests.notices.test_telling import run_again

TUESDAY = date(2026, 12, 1)
CLOSING = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # 20:00 in Pakistan
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "10:00-20:00")


async def lahore(stage: Stage) -> BranchDay:
    async with db.unit(stage.scope(), read=True) as session:
        return (await session.scalars(select(BranchDay).where(BranchDay.branch_id == stage.branches["lahore"]))).one()


async def closes(stage: Stage, at: datetime, times: int = 1) -> None:
    """The sweeper finds the branch due at that moment."""
    with moved(at):
        for _ in range(times):
            async with db.unit(stage.scope()) as session:
                await sla.close_days(session, [stage.branches["lahore"]], at)
        await burst()


async def expects(stage: Stage, at: datetime) -> None:
    """The branches are new, or their hours have changed."""
    with moved(at):
        async with db.unit(stage.scope()) as session:
            await sla.expect_closing(session, stage.orgs["ravi"], None, at)


async def days(late: Late, name: str) -> list[dict[str, object]]:
    return [row for row in await late.rows(name) if row["kind"] == "day_closed"]


async def test_the_day_is_told_once_at_closing_with_figures_that_open_their_lists(
    late: Late, outbox: MemoryMailer
) -> None:
    stage = late.stage
    await expects(stage, CLOSING - timedelta(hours=6))
    noon, made = CLOSING - timedelta(hours=5), list[Id]()
    for many, more in enumerate(({}, {"to": "sales1"}, {"branch": "gujranwala"}, {})):
        at = noon if many < 3 else CLOSING - timedelta(minutes=1)
        with moved(at + timedelta(microseconds=many)):  # a number of its own each
            made.append(await late.lead(**more))
    with moved(noon + timedelta(minutes=1)):
        await late.answered(made[0])
    await closes(stage, CLOSING - timedelta(seconds=1))
    early = await days(late, "manager")
    await closes(stage, CLOSING, times=3)
    await run_again(stage)
    await closes(stage, CLOSING + timedelta(hours=1))
    (told,) = await days(late, "manager")
    figures = {line["name"]: line["count"] for line in told["figures"]}  # type: ignore[attr-defined]

    assert early == []
    assert len(await days(late, "owner")) == 1
    assert await days(late, "sales1") == await days(late, "indus-owner") == []
    assert figures == {
        "arrived": 3, "answered": 1, "in_time": 1, "breached": 0, "late": 0, "unassigned": 2, "open": 3, "due": 1,
    }  # fmt: skip
    assert (told["day"], told["url"], told["waits"]) == ("2026-12-01", "/desk/board?branch=lahore", False)
    for line in told["figures"]:  # type: ignore[attr-defined]
        assert await listed(stage, line["url"]) == line["count"], line
    mails = [one for one in outbox.sent() if one.subject.startswith("The day at closing")]
    assert sorted(one.to for one in mails) == ["manager@ravi.pk", "owner@ravi.pk"]
    assert "Arrived: 3" in mails[0].text
    assert "&what=arrived&from=2026-12-01T00&to=2026-12-01T19&branch=lahore" in mails[0].text
    assert (await lahore(stage)).day == TUESDAY + timedelta(days=1)


async def listed(stage: Stage, url: str) -> int:
    """How many leads the list behind a figure holds, as it was asked for at the next morning's closing time."""
    asked = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    filters = Filters(
        view=asked["view"], what=asked.get("what", ""), since=asked.get("from", ""), until=asked.get("to", ""),
        branch=asked["branch"],
    )  # fmt: skip
    async with db.unit(stage.scope(), read=True) as session:
        return await leads.count_leads(session, filters, me=stage.people["owner"], within=None)


async def test_a_closed_day_is_not_told_and_changed_hours_move_the_closing(late: Late) -> None:
    stage, morning = late.stage, CLOSING - timedelta(hours=8)
    await expects(stage, morning)
    lahore_id = stage.branches["lahore"]
    with moved(morning):
        async with db.unit(stage.scope()) as session:
            form = HoursForm(**{**WEEK, "tue": "10:00-21:30"}, branch_id=lahore_id)
            await sla.set_hours(session, stage.orgs["ravi"], form)
        await burst()
    longer = (await lahore(stage)).closes_at
    await closes(stage, CLOSING)
    at_the_old_hour = await days(late, "manager")
    with moved(CLOSING + timedelta(minutes=10)):
        async with db.unit(stage.scope()) as session:
            form = SpecialDaysForm(kind="closure", name="Storm", first=TUESDAY, last=TUESDAY + timedelta(days=1))
            await sla.add_days(session, stage.orgs["ravi"], form)
        await burst()
    await closes(stage, CLOSING + timedelta(hours=2))
    row = await lahore(stage)

    assert longer == CLOSING + timedelta(hours=1, minutes=30)
    assert at_the_old_hour == await days(late, "manager") == []
    assert (row.day, row.closed) == (TUESDAY + timedelta(days=2), None)


async def test_the_sweeper_closes_a_day_whose_time_has_come_and_a_new_branch_has_one(stage: Stage) -> None:
    opened = await stage.callers["owner"].post("branches", {"name": "Multan", "slug": "multan", "city": "Multan"})
    await burst()
    branch_id = opened.json()["id"]
    async with db.unit(stage.scope()) as session:
        row = (await session.scalars(select(BranchDay).where(BranchDay.branch_id == branch_id))).one()
        assert row.closes_at is not None
        row.day = row.closes_at = None
        await session.flush()
        await sla.expect_closing(session, stage.orgs["ravi"], row.branch_id, datetime(2026, 11, 2, tzinfo=UTC))
    while await Sweeper(wiring.TIMERS).turn():
        pass
    async with db.unit(Scope(org_id=stage.orgs["ravi"]), read=True) as session:
        query = select(EventRow).where(EventRow.org_id == stage.orgs["ravi"], EventRow.tag == "day.closed")
        found = [event.payload for event in await session.scalars(query) if event.payload["id"] == branch_id]

    assert [one["day"] for one in found] == ["2026-11-02"]
