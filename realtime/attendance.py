"""Says who has a screen open in this process: at once when somebody comes, and again before that lapses."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Container

from app.core import attendance
from app.core.ids import Id
from app.core.supervised import Loop
from realtime.listener import Listener
from realtime.roster import Roster

AGAIN_S = 20.0
_GATHER_S = 0.3
_ROLES = ("sales", "manager", "owner")


class Attendance:
    """One per hub."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._came: set[Id] = set()
        self._somebody = asyncio.Event()
        self._told: set[tuple[Id, Id]] = set()
        self._loop = Loop("live.attendance", self._run, silent_s=AGAIN_S * 3)

    def start(self) -> None:
        self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()

    def came(self, listener: Listener) -> None:
        """Sockets come back in storms: only somebody not yet known to be here is told of before the next round."""
        who = listener.who
        if _works(listener) and (who.org_id, who.person_id) not in self._told:
            self._came.add(who.org_id)
            self._somebody.set()

    async def _run(self, loop: Loop) -> None:
        while True:
            loop.beat()
            self._told.clear()
            await self._tell()
            until = time.monotonic() + AGAIN_S
            while await self._somebody_by(until):
                await asyncio.sleep(_GATHER_S)
                orgs, self._came = self._came, set()
                self._somebody.clear()
                await self._tell(orgs)

    async def _somebody_by(self, until: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._somebody.wait()
        except TimeoutError:
            return False
        return time.monotonic() < until

    async def _tell(self, orgs: Container[Id] | None = None) -> None:
        """Say who is here in these orgs, or in all."""
        by_org: dict[Id, set[Id]] = defaultdict(set)
        for listener in self._roster:
            if _works(listener) and (orgs is None or listener.who.org_id in orgs):
                by_org[listener.who.org_id].add(listener.who.person_id)
        for org_id, people in by_org.items():
            await attendance.tell(org_id, people)
            self._told.update((org_id, person_id) for person_id in people)


def _works(listener: Listener) -> bool:
    return listener.html and listener.who.role in _ROLES
