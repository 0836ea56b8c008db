"""Three hundred random deeds of a dealer's staff, some of them undone, over some days."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select

from app.core import db
from app.core.errors import Refused
from app.core.ids import Id
from app.leads import rules, service
from app.leads.models import Lead, LeadEvent
from app.leads.schemas import AssignForm, LeadForm, MoveForm, ReplyForm, SnoozeForm, StatusForm
from tests.leads.conftest import Stage
from tests.leads.test_deadlines import Hands, act

_STAFF = ("sales1", "sales2", "sales3", "manager")
_SOURCES = ("walk_in", "phone", "referral", "other")


class Storm:
    """Does deeds until enough of them were allowed; `done` tells which."""

    def __init__(self, stage: Stage, hands: Hands, seed: int) -> None:
        self.stage, self.hands, self.chance = stage, hands, random.Random(seed)
        self.done: Counter[str] = Counter()
        self.leads: list[Id] = []
        self._phones = iter(f"0300{number:07d}" for number in self.chance.sample(range(10**7), 2000))
        self._kinds: dict[str, tuple[int, Callable[[], Awaitable[Any]]]] = {
            "open": (5, self.open), "asks_again": (1, self.ask), "claim": (4, self.claim), "assign": (2, self.assign),
            "reply": (5, self.reply), "status": (6, self.status), "snooze": (2, self.snooze), "wake": (1, self.wake),
            "archive": (1, self.archive), "restore": (1, self.restore), "move": (2, self.move),
            "merge": (1, self.merge), "undo": (4, self.undo), "time": (4, self.wait),
        }  # fmt: skip

    async def rage(self, steps: int) -> None:
        weights = [weight for weight, _deed in self._kinds.values()]
        for _ in range(12):
            await self.open()
        while self.done.total() < steps:
            (name,) = self.chance.choices(list(self._kinds), weights)
            try:
                await self._kinds[name][1]()
            except Refused:
                continue
            self.done[name] += 1

    async def _act(self, deed: Callable[..., Awaitable[Any]], *told: Any) -> Any:
        return await act(self.stage, deed, *told, by=self.chance.choice(_STAFF))

    def _lead(self) -> Id:
        return self.chance.choice(self.leads)

    async def open(self) -> None:
        branch = self.chance.choice(("lahore", "gujranwala"))
        form = LeadForm(
            name="Somebody", phone=next(self._phones), source=self.chance.choice(_SOURCES),  # type: ignore[arg-type]
            branch_id=self.stage.branches[branch],
        )  # fmt: skip
        made = await act(self.stage, service.walk_in, form, by="manager")
        self.leads.append(made.id)

    async def ask(self) -> None:
        """Over the page of a car, as the public does."""
        car = self.chance.choice(("corolla", "civic"))
        made = await self.stage.enquiry(car, f"0301{self.chance.randrange(40):07d}")
        if (lead := Id(str(made["id"]))) not in self.leads:
            self.leads.append(lead)

    async def claim(self) -> None:
        await self._act(service.claim, self._lead())

    async def assign(self) -> None:
        person = self.chance.choice([*_STAFF, None])
        form = AssignForm(assignee_id=self.stage.people[person] if person else None)
        await self._act(service.assign, self._lead(), form)

    async def reply(self) -> None:
        await self._act(service.reply, self._lead(), ReplyForm(body="Yes, come and see it.", channel="whatsapp"))

    async def status(self) -> None:
        status = self.chance.choice(rules.STATUSES)
        reason = self.chance.choice([*rules.LOST_REASONS, "the colour"]) if status == rules.LOST else None
        await self._act(service.change_status, self._lead(), StatusForm(status=status, reason=reason))  # type: ignore[arg-type]

    async def snooze(self) -> None:
        await self._act(service.snooze, self._lead(), SnoozeForm(choice="tomorrow"))

    async def wake(self) -> None:
        await self._act(service.snooze, self._lead(), SnoozeForm())

    async def archive(self) -> None:
        await self._act(service.archive, self._lead())

    async def restore(self) -> None:
        await self._act(service.restore, self._lead())

    async def move(self) -> None:
        branch = self.stage.branches[self.chance.choice(("lahore", "gujranwala"))]
        await self._act(service.move, self._lead(), MoveForm(branch_id=branch))

    async def merge(self) -> None:
        async def merge(session: Any, who: Any) -> None:
            await service.merge(session, who, self._lead(), self._lead())

        await self._act(merge)

    async def undo(self) -> None:
        """One of the latest deeds of whoever did it."""
        async with db.unit(self.stage.scope(), read=True) as session:
            query = select(LeadEvent.batch_id, LeadEvent.actor_id).where(LeadEvent.batch_id.is_not(None))
            recent = (await session.execute(query.order_by(LeadEvent.at.desc(), LeadEvent.id.desc()).limit(6))).all()
        batch, actor = self.chance.choice(recent)
        by = next(name for name, person in self.stage.people.items() if person == actor)
        await act(self.stage, service.undo, batch, by=by)

    async def wait(self) -> None:
        """Minutes or most of a day; then the sweeper comes by."""
        self.hands.go(minutes=self.chance.choice((3, 11, 25, 70, 200, 1300)))
        async with db.unit(self.stage.scope()) as session:
            due = select(Lead).where(Lead.alarm_at <= self.hands.at).order_by(Lead.id).with_for_update()
            await service.fall_due(session, list(await session.scalars(due)), self.hands.at)
