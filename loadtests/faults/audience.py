"""The audience of the fault run: machines and pages that listen throughout, and what they make of it at the end.

On SIGTERM the writers have stopped and nothing is broken any more: everybody gets time to arrive at the head of their
feed, then what they heard is compared with the database, and `heard.json` says how it was.
"""

import asyncio
import os
import random
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import uvloop
from msgspec import Struct

from app.core import settings
from app.core.ids import Id
from loadtests.faults import recovery, trade, world
from loadtests.faults.recovery import Waits
from loadtests.faults.world import Person
from loadtests.listeners import Machine, Opening, Page, opened, rows_of

ARRIVAL_S = 40.0


class Heard(Struct):
    sockets: int
    deliveries: int
    gaps: int
    """Facts that a machine should have been told and was not."""
    repeats: int
    disorder: int
    breaches: list[str]
    """Of the protocol: a hello elsewhere than asked, a chain that does not join, a resync without need."""
    pages: int
    patches: int
    pages_wrong: int
    """Pages that in the end do not show what is."""
    resets: int
    reconnects: int
    longest_silence_s: float
    push_p50_ms: float
    push_p99_ms: float
    waits: Waits


class Audience:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._people = world.people(directory)
        self._fronts = world.fronts(directory)
        self.machines: list[tuple[Person, Machine]] = []
        self.pages: list[tuple[Person, Page]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._http = httpx.AsyncClient(timeout=5)

    def _opening(self, person: Person) -> Opening:
        return lambda query: opened(random.choice(self._fronts), query, Authorization=f"Bearer {person.token}")

    async def _fetch(self, person: Person) -> tuple[str, str]:
        while True:
            try:
                return await trade.fetch(self._http, f"http://127.0.0.1:{random.choice(self._fronts)}", person.token)
            except httpx.HTTPError:
                await asyncio.sleep(0.2)

    async def enter(self, machines: int, pages: int) -> None:
        for number in range(machines):
            person = self._people[number % len(self._people)]
            self.machines.append((person, Machine(self._opening(person))))
        for number in range(pages):
            person = self._people[number % len(self._people)]
            at, html = await self._fetch(person)
            page = Page(
                self._opening(person), trade.TOPIC, at, rows_of(html), fetch=lambda person=person: self._fetch(person)
            )
            self.pages.append((person, page))
        for _, listener in (*self.machines, *self.pages):
            self._tasks.append(asyncio.create_task(listener.run()))

    async def report(self, owner_url: str) -> Heard:
        stopped = time.time()
        connection = await asyncpg.connect(owner_url, timeout=5)
        try:
            feeds = {person.org_id: await _events(connection, person.org_id) for person in self._people}
            rows = {person.org_id: await _rows(connection, person.org_id) for person in self._people}
        finally:
            await connection.close()
        until = time.monotonic() + ARRIVAL_S
        while time.monotonic() < until and not self._arrived(feeds, rows):  # noqa: ASYNC110 - it is counted once
            await asyncio.sleep(0.1)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self._compare(feeds, rows, stopped)

    def _arrived(self, feeds: dict[Id, dict[int, float]], rows: dict[Id, dict[str, str]]) -> bool:
        heard = all(machine.at == max(feeds[person.org_id]) for person, machine in self.machines)
        return heard and all(page.rows == rows[person.org_id] for person, page in self.pages)

    def _compare(self, feeds: dict[Id, dict[int, float]], rows: dict[Id, dict[str, str]], stopped: float) -> Heard:
        gaps = repeats = disorder = 0
        silences, delays = [0.0], []
        waits = recovery.Judge("push", recovery.read(self._directory))
        for person, machine in self.machines:
            feed = feeds[person.org_id]
            wanted = {seq for seq in feed if machine.start is None or seq > machine.start}
            gaps += len(wanted - set(machine.seqs))
            repeats += len(machine.seqs) - len(set(machine.seqs))
            disorder += sum(after < before for before, after in pairwise(machine.seqs))
            times = [moment for moment in machine.moments if moment < stopped]
            silences += [after - before for before, after in pairwise(times)]
            for seq, moment in zip(machine.seqs, machine.moments, strict=True):
                if seq not in feed:
                    continue  # it came after the feed was read: jobs were still open when patience ended
                delays.append(moment - feed[seq])
                waits.add(feed[seq], moment, f"fact {seq}")
        delays.sort()
        return Heard(
            sockets=len(self.machines) + len(self.pages),
            deliveries=sum(len(machine.seqs) for _, machine in self.machines),
            gaps=gaps,
            repeats=repeats,
            disorder=disorder,
            breaches=[line for _, machine in self.machines for line in machine.wrong][:20],
            pages=len(self.pages),
            patches=sum(page.patches for _, page in self.pages),
            pages_wrong=sum(page.rows != rows[person.org_id] for person, page in self.pages),
            resets=sum(page.resets for _, page in self.pages),
            reconnects=sum(machine.reconnects for _, machine in self.machines),
            longest_silence_s=round(max(silences), 2),
            push_p50_ms=round(1000 * delays[len(delays) // 2], 1) if delays else 0,
            push_p99_ms=round(1000 * delays[len(delays) * 99 // 100], 1) if delays else 0,
            waits=waits.found,
        )


async def _events(connection: Any, org_id: Id) -> dict[int, float]:
    found = await connection.fetch("select seq, extract(epoch from at)::float from event where org_id = $1", org_id)
    return dict(found)


async def _rows(connection: Any, org_id: Id) -> dict[str, str]:
    return {str(row[0]): row[1] for row in await connection.fetch(trade.QUERIES.rows, org_id)}


async def main(machines: int, pages: int) -> None:
    settings.install(settings.load(os.environ))
    directory, stop = Path(os.environ["BENCH_DIR"]), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    audience = Audience(directory)
    await audience.enter(machines, pages)
    await stop.wait()
    heard = await audience.report(os.environ["DATABASE_OWNER_URL"])
    (directory / "heard.json").write_bytes(msgspec.json.encode(heard))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
