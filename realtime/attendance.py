"""Says who has a screen open in this process: at once when somebody comes, and again before that lapses."""

import asyncio
from collections import defaultdict

from app.core import attendance
from app.core.ids import Id
from app.core.supervised import Loop
from realtime.roster import Roster

AGAIN_S = 20.0
_GATHER_S = 0.3
_ROLES = ("sales", "manager", "owner")


class Attendance:
    """One per hub."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._came = asyncio.Event()
        self._told: set[tuple[Id, Id]] = set()
        self._loop = Loop("live.attendance", self._run, silent_s=AGAIN_S * 3)

    def start(self) -> None:
        self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()

    def came(self, org_id: Id, person_id: Id) -> None:
        if (org_id, person_id) not in self._told:
            self._came.set()

    async def _run(self, loop: Loop) -> None:
        while True:
            loop.beat()
            self._came.clear()
            await self._tell_all()
            try:
                await asyncio.wait_for(self._came.wait(), AGAIN_S)
                await asyncio.sleep(_GATHER_S)
            except TimeoutError:
                pass

    async def _tell_all(self) -> None:
        by_org: dict[Id, set[Id]] = defaultdict(set)
        for listener in self._roster:
            if listener.html and listener.who.role in _ROLES:
                by_org[listener.who.org_id].add(listener.who.person_id)
        for org_id, people in by_org.items():
            await attendance.tell(org_id, people)
        self._told = {(org_id, person_id) for org_id, people in by_org.items() for person_id in people}
