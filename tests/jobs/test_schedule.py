"""Schedules: no moment twice, none forgotten, whatever the clocks and the workers do."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.core import clock, db
from app.core.base import Db
from app.core.ids import new_id
from jobs import housekeeping
from jobs.schedule import SCHEDULES, Clerk, Daily, Every, Schedule
from tests.jobs.stage import place


class Diary:
    def __init__(self) -> None:
        self.ran: list[datetime] = []
        self.broken = False

    async def note(self, db: Db, at: datetime) -> None:
        if self.broken:
            raise RuntimeError("the schedule broke")
        self.ran.append(at)


@pytest.fixture
def diary() -> Diary:
    return Diary()


async def pretend_last_was(name: str, ago: timedelta, every: int) -> None:
    """All workers were down since then."""
    async with db.system() as session:
        now = (await session.execute(text("select clock_timestamp()"))).scalar_one()
        await session.execute(text("delete from tick"))
        await session.execute(
            text("insert into tick values (:name, :at, now())"), {"name": name, "at": Every(every).upto(now - ago)}
        )


async def test_new_schedule_starts_from_now(stage, diary):
    clerk = Clerk([Schedule(name="s", when=Every(3600), run=diary.note)])

    assert [await clerk.turn(), await clerk.turn()] == [0, 0]
    assert diary.ran == []


@pytest.mark.parametrize(("missed", "count"), [("all", 10), ("last", 1), ("none", 0)])
async def test_ticks_missed_while_all_workers_were_down(stage, diary, missed, count):
    clerk = Clerk([Schedule(name="s", when=Every(3600), run=diary.note, missed=missed)])
    await clerk.turn()
    await pretend_last_was("s", timedelta(hours=10), 3600)
    async with db.system() as session:
        into_hour = (await session.execute(text("select extract(epoch from now())::int % 3600"))).scalar_one()

    await clerk.turn()
    await clerk.turn()

    assert len(diary.ran) == (1 if missed == "none" and into_hour < 30 else count)
    assert diary.ran == sorted(set(diary.ran))


async def test_many_clerks_with_wrong_clocks_run_each_moment_once(stage, diary):
    schedule = Schedule(name="s", when=Every(1), run=diary.note, missed="all")
    await Clerk([schedule]).turn()
    await pretend_last_was("s", timedelta(seconds=60), 1)
    clock.use(lambda: datetime.now(UTC) + timedelta(seconds=120))
    try:
        for _ in range(20):
            await asyncio.gather(*(Clerk([schedule]).turn() for _ in range(4)))
            await asyncio.sleep(0.1)
    finally:
        clock.use(None)

    steps = {later - earlier for earlier, later in zip(diary.ran, diary.ran[1:], strict=False)}
    assert len(diary.ran) == len(set(diary.ran)) >= 60
    assert steps == {timedelta(seconds=1)}


async def test_broken_schedule_keeps_its_moment_and_harms_no_other(stage, diary):
    broken, fine = Diary(), diary
    broken.broken = True
    schedules = [Schedule(name=name, when=Every(3600), run=who.note) for name, who in (("b", broken), ("f", fine))]
    await Clerk(schedules).turn()
    async with db.system() as session:
        await session.execute(text("update tick set at = at - interval '2 hours'"))
    await Clerk(schedules).turn()
    assert len(fine.ran) == 1

    broken.broken = False
    await Clerk(schedules).turn()
    assert len(broken.ran) == 1


def test_daily_moments_follow_the_place_through_clock_changes():
    new_york = Daily(2, 30, zone="America/New_York")  # does not exist on 8 March 2026, happens twice on 1 November
    start = datetime(2026, 3, 6, 12, tzinfo=UTC)
    moments = {new_york.upto(start + timedelta(minutes=10 * n)) for n in range(6 * 24 * 250)}

    days = [moment.date() for moment in sorted(moments)]
    assert len(days) == len(set(days)) == (max(days) - min(days)).days + 1


def test_moments_are_on_the_grid_and_before_is_the_one_before():
    now = datetime(2026, 11, 24, 17, 29, 59, tzinfo=UTC)
    for when in (Every(1), Every(60), Every(3600), Daily(3, 10)):
        due = when.upto(now)

        assert due <= now
        assert when.upto(due) == due
        assert when.before(due) < due
        assert when.upto(due - timedelta(microseconds=1)) == when.before(due)


def test_names_of_schedules_are_unique():
    assert len({schedule.name for schedule in SCHEDULES}) == len(SCHEDULES)


async def test_housekeeping_forgets_the_old_and_keeps_the_rest(stage):
    org = new_id()
    await place(org, n=3)
    async with db.system() as session:
        await session.execute(text("update job set created_at = now() - interval '8 days'"))
        await session.execute(text("update job set done_at = now() where event_seq < 3"))
        await session.execute(
            text(
                "insert into idempotency_key values (:org, 'old', '', 200, '', now() - interval '8 days'), "
                "(:org, 'new', '', 200, '', now())"
            ),
            {"org": org},
        )
        await session.execute(
            text(
                "insert into tick select 's', now() - make_interval(days => n), now() from generate_series(40, 60) as n"
            )
        )
        now = datetime.now(UTC)
        for prune in (
            housekeeping.prune_idempotency_keys,
            housekeeping.prune_events,
            housekeeping.prune_jobs,
            housekeeping.prune_ticks,
        ):
            await prune(session, now)
        counts = (
            await session.execute(
                text(
                    "select (select count(*) from job), (select count(*) from event), (select count(*) from tick), "
                    "(select min(key) from idempotency_key)"
                )
            )
        ).one()

    assert tuple(counts) == (1, 3, 1, "new")


async def test_rewritten_audit_record_is_found(stage, settings):
    from sqlalchemy.ext.asyncio import create_async_engine

    orgs = [new_id() for _ in range(3)]
    for org in orgs:
        await place(org, n=5)
    async with db.system() as session:
        await housekeeping.verify_audit(session, datetime.now(UTC))
    assert housekeeping.AUDIT_BROKEN._value.get() == 0

    engine = create_async_engine(db.async_url(settings.database_owner_url or ""))
    async with engine.begin() as connection:
        await connection.execute(text("alter table audit_record disable trigger user"))
        await connection.execute(
            text("update audit_record set diff = '{\"a\": 1}' where seq = 2 and org_id = :org"), {"org": orgs[0]}
        )
        await connection.execute(text("delete from audit_record where seq = 5 and org_id = :org"), {"org": orgs[1]})
    await engine.dispose()
    async with db.system() as session:
        await housekeeping.verify_audit(session, datetime.now(UTC))
    assert housekeeping.AUDIT_BROKEN._value.get() == 2
