"""Sessions that are long over leave with their refresh tokens; all others stay."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import service
from app.core import clock, db
from app.core.ids import Id
from jobs import housekeeping
from jobs.schedule import SCHEDULES
from tests.support.api import PASSWORD, Caller

LONG, SHORT = timedelta(days=31), timedelta(days=29)


async def ids_of(api: Caller, email: str, count: int) -> list[Id]:
    """So many sessions over the API, each with a chain of three refresh tokens; the oldest first."""
    for _ in range(count):
        pair = (await api.post("auth/login", {"email": email, "password": PASSWORD})).json()
        for _ in range(2):
            pair = (await api.post("auth/refresh", {"refresh_token": pair["refresh_token"]})).json()
    async with db.system() as session:
        return list((await session.execute(text("select id from session order by created_at"))).scalars())[-count:]


async def make_old(session_id: Id, *, ended: timedelta | None, expires: timedelta) -> None:
    now = clock.now()
    async with db.system() as session:
        await session.execute(
            text("update session set ended_at = :ended, expires_at = :expires where id = :id"),
            {"id": session_id, "ended": ended and now - ended, "expires": now - expires},
        )


async def left() -> tuple[set[Id], set[Id]]:
    """Sessions, and the sessions of tokens."""
    async with db.system() as session:
        sessions = set((await session.execute(text("select id from session"))).scalars())
        return sessions, set((await session.execute(text("select session_id from refresh_token"))).scalars())


async def test_thirty_days_after_its_end_a_session_is_gone_with_its_family(api: Caller) -> None:
    await api.register("ana@example.pk")
    ended, run_out, lately, open_still, ended_early = await ids_of(api, "ana@example.pk", 5)
    await make_old(ended, ended=LONG, expires=-LONG)
    await make_old(run_out, ended=None, expires=LONG)
    await make_old(lately, ended=SHORT, expires=-LONG)
    await make_old(ended_early, ended=SHORT, expires=SHORT)
    before, _ = await left()
    async with db.system() as session:
        await housekeeping.prune_sessions(session, clock.now())
    sessions, families = await left()

    assert before - sessions == {ended, run_out}
    assert {lately, open_still, ended_early} <= sessions
    assert families == sessions


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
async def test_batches_leave_nothing_behind(api: Caller, at_once: int) -> None:
    await api.register("ana@example.pk")
    old = await ids_of(api, "ana@example.pk", 3)
    for session_id in old:
        await make_old(session_id, ended=LONG, expires=-LONG)
    async with db.system() as session:
        forgotten = await service.forget_sessions(session, clock.now() - timedelta(days=30), at_once=at_once)

    assert forgotten == 3
    assert not set(old) & (await left())[0]


def test_a_schedule_does_it_each_day() -> None:
    assert housekeeping.prune_sessions in [schedule.run for schedule in SCHEDULES]
    assert housekeeping.prune_idempotency_keys in [schedule.run for schedule in SCHEDULES]


async def test_what_was_mailed_to_set_a_password_is_forgotten_too(api: Caller) -> None:
    await api.register("ana@example.pk")
    await api.post("auth/password/forgot", {"email": "ana@example.pk"})
    kept = []
    for days in (29, 32):
        async with db.system() as session:
            await housekeeping.prune_sessions(session, clock.now() + timedelta(days=days))
        async with db.system() as session:
            kept.append((await session.execute(text("select count(*) from password_reset"))).scalar_one())

    assert kept == [1, 0]
