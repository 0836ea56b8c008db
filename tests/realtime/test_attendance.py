"""Who is said to have a screen open, and how little is said in a storm of reconnects."""

import asyncio
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest

from app.core import attendance
from app.core.ids import Id, new_id
from realtime.attendance import Attendance

RAVI, INDUS = new_id(), new_id()
ALI, SARA, OMAR = new_id(), new_id(), new_id()


def listener(org_id: Id, person_id: Id, *, role: str = "sales", html: bool = True) -> Any:
    return SimpleNamespace(html=html, who=SimpleNamespace(org_id=org_id, person_id=person_id, role=role))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[tuple[Id, set[Id]]]:
    told: asyncio.Queue[tuple[Id, set[Id]]] = asyncio.Queue()

    async def tell(org_id: Id, people: Collection[Id]) -> None:
        told.put_nowait((org_id, set(people)))

    monkeypatch.setattr(attendance, "tell", tell)
    return told


async def test_only_the_newcomers_org_is_told_of_a_newcomer(said: asyncio.Queue[tuple[Id, set[Id]]]) -> None:
    here = [listener(RAVI, ALI), listener(INDUS, OMAR)]
    told = Attendance(here)  # type: ignore[arg-type]
    told.start()
    try:
        first = [await said.get(), await said.get()]
        assert sorted(first, key=str) == sorted([(RAVI, {ALI}), (INDUS, {OMAR})], key=str)
        for come in (
            listener(RAVI, ALI),
            listener(INDUS, new_id(), html=False),
            listener(INDUS, new_id(), role="readonly"),
            listener(RAVI, SARA),
        ):
            here.append(come)
            told.came(come)
        assert await asyncio.wait_for(said.get(), 5) == (RAVI, {ALI, SARA})
        told.came(here[-1])
        await asyncio.sleep(0.5)
        assert said.empty()
    finally:
        await told.stop()
