"""A dealer whose leads run late, by day and by night."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import Struct
from sqlalchemy import text

from app import wiring
from app.core import clock, db
from app.core.ids import Id
from app.core.jobs_ledger import burst
from app.leads.schemas import AssignForm, LeadForm, StatusForm
from app.leads.service import assign, change_status, walk_in
from jobs.sweeper import Sweeper
from tests.leads.conftest import Stage, dealers, outbox, phone, stage, stocked
from tests.leads.test_pushed_is_fetched import principal

__all__ = ["dealers", "outbox", "phone", "stage", "stocked"]

NOON = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
NIGHT = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
OPENING = datetime(2026, 12, 2, 5, 0, tzinfo=UTC)
"""A Tuesday in Pakistan: 12:00 and 23:30, and 10:00 of the Wednesday."""


class Late(Struct):
    """Time passes, and what it brings is done."""

    stage: Stage

    async def lead(self, *, to: str | None = None, branch: str = "lahore") -> Id:
        """A new one at the desk, given to somebody by the manager; of that nothing is said any more."""
        manager = principal(self.stage, "manager", "manager", None)
        scope = self.stage.scope()
        async with db.unit(scope) as session:
            form = LeadForm(
                name="Ali", phone=f"0300{clock.now().microsecond:07d}", branch_id=self.stage.branches[branch]
            )
            made = (await walk_in(session, manager, form)).id
        if to:
            async with db.unit(scope) as session:
                await assign(session, manager, made, AssignForm(assignee_id=self.stage.people[to]))
        async with db.unit(scope) as session:
            await session.execute(text("update lead_clock set urgent = false where lead_id = :lead"), {"lead": made})
        return made

    async def comes(self, lead: Id, what: str, *, urgent: bool = False) -> None:
        """The first answer's deadline warns, or is missed; the facts are there and nobody was told yet."""
        due = "clock_timestamp() + interval '1 hour'" if what == "warned" else "clock_timestamp() - interval '1 second'"
        async with db.unit(self.stage.scope()) as session:
            await session.execute(
                text(
                    "update lead_clock set warn_at = clock_timestamp() - interval '2 seconds', "  # noqa: S608 - ours
                    f"due_at = {due}, urgent = :urgent where lead_id = :lead and kind = 'first_response'"
                ),
                {"lead": lead, "urgent": urgent},
            )
            await session.execute(
                text("update lead set alarm_at = clock_timestamp() - interval '1 second' where id = :lead"),
                {"lead": lead},
            )
        await self.swept()

    async def swept(self) -> None:
        while await Sweeper(wiring.TIMERS).turn():
            pass

    async def told(self, at: datetime = NOON) -> None:
        """Every reaction runs, as if it were `at`."""
        with moved(at):
            await burst()

    async def opens(self) -> None:
        """Morning: what waited is due."""
        async with db.unit(self.stage.scope()) as session:
            await session.execute(
                text("update notice set show_at = clock_timestamp() - interval '1 second' where shown_at is null")
            )
        await self.swept()
        await self.told(OPENING + timedelta(minutes=1))

    async def answered(self, lead: Id, by: str = "sales1") -> None:
        async with db.unit(self.stage.scope()) as session:
            who = principal(self.stage, by, "sales", "lahore")
            await change_status(session, who, lead, StatusForm(status="contacted"))

    async def rows(self, name: str) -> list[dict[str, object]]:
        """What this person's list says."""
        answer = await self.stage.callers[name].get("notices")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()["items"]
        return found

    async def kinds(self, name: str) -> list[object]:
        return [row["kind"] for row in await self.rows(name)]


@contextmanager
def moved(at: datetime) -> Iterator[None]:
    clock.use(lambda: at)
    try:
        yield
    finally:
        clock.use(None)


@pytest.fixture
def late(stage: Stage) -> Late:
    return Late(stage)
