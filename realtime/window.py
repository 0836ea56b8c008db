"""The shop window: passers-by without a session see a car's price and availability change, and nothing else.

Its frames are numbered by the car's own changes. No number, position or clock of the org's feed leaves here: that
would count a rival's leads.
"""

import asyncio
import contextlib
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from litestar.exceptions import WebSocketDisconnect

from app.core import db, feeds, live
from app.core.base import Scope
from app.core.feeds import Position
from app.core.ids import Id
from app.core.live import InWindow
from app.core.supervised import Loop
from realtime import protocol, pushes
from realtime.passers import BEAT_S, Passer, Passers
from realtime.pump import Pump
from realtime.pushes import Renderer
from realtime.room import Room

POLL_S = 0.5
MOST_THINGS = 4
_MOST_FACTS = 200
_REST_S = 0.2
_NOBODY = Scope()


class _Thing:
    """What is in the window: as it was last shown, and to whom."""

    def __init__(self, topic: str, seen: InWindow) -> None:
        self.topic, self.seen = topic, seen
        self.there, self.shown_at = True, time.monotonic()
        self.rooms: dict[str, Room] = {}
        self.told: dict[str, str] = {}  # language → the content last written


class Window:
    """One per hub. Works in turns: what has changed goes to who is there, then who wants in gets it as it is."""

    def __init__(
        self, *, renderer: Renderer, pump: Pump, spawn: Callable[[Coroutine[Any, Any, None], str], None]
    ) -> None:
        self._renderer, self._pump, self._spawn = renderer, pump, spawn
        self.passers = Passers()
        self._things: dict[str, _Thing] = {}
        self._heads: dict[Id, Position] = {}
        self._epochs: dict[Id, str] = {}
        self._asks: dict[tuple[Passer, str], None] = {}
        self._owed: list[str] = []  # has changed, and may be shown anew a little later only
        self._work = asyncio.Event()
        self._loop = Loop("live.window", self._run)

    def start(self) -> None:
        self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()

    # -- passers-by

    def admit(self, passer: Passer) -> None:
        self.passers.enter(passer)
        passer.outlet.on_slow = lambda: self._slow(passer)

    def watch(self, passer: Passer, topic: str) -> None:
        """Show it what `topic` is about, at the end of the next turn."""
        self.leave(passer, topic)
        passer.waiting.add(topic)
        self._asks[passer, topic] = None
        self._work.set()

    def leave(self, passer: Passer, topic: str) -> None:
        passer.waiting.discard(topic)
        self._asks.pop((passer, topic), None)
        room = passer.rooms.pop(topic, None)
        if room is not None:
            room.leave(passer)
            self._tidy(topic)

    def dismiss(self, passer: Passer) -> None:
        """Its connection is over."""
        passer.closed = True
        self.passers.leave(passer)
        for topic in (*passer.rooms, *passer.waiting):
            self.leave(passer, topic)

    def close(self, passer: Passer, code: int) -> None:
        if not passer.closed:
            self.dismiss(passer)
            self._spawn(self._goodbye(passer, code), "live.close")

    def close_all(self, code: int) -> None:
        for passer in self.passers:
            self.close(passer, code)

    def _slow(self, passer: Passer) -> None:
        """Called from inside the pump's loop over the room's writers: it is cut later."""
        asyncio.get_running_loop().call_soon(self.cut, passer)

    def cut(self, passer: Passer) -> None:
        self.dismiss(passer)
        passer.outlet.cut()
        passer.over()

    async def _goodbye(self, passer: Passer, code: int) -> None:
        with contextlib.suppress(WebSocketDisconnect, ConnectionError, TimeoutError):  # it may have left first
            await passer.outlet.close(code)
        passer.over()

    def _tidy(self, topic: str) -> None:
        thing = self._things.get(topic)
        if thing is None:
            return
        thing.rooms = {lang: room for lang, room in thing.rooms.items() if not room.empty}
        if not thing.rooms:
            del self._things[topic]

    # -- turns

    def woke(self, org_id: Id) -> None:
        if org_id in self._heads:
            self._work.set()

    async def _run(self, loop: Loop) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._work.wait()
            self._work.clear()
            if self._things or self._asks:
                try:
                    await self._turn()
                except Exception:
                    self._heads.clear()  # what this turn was to tell is looked for again
                    raise
                await asyncio.sleep(_REST_S)
            self._sweep(time.monotonic())
            loop.beat()

    async def _turn(self) -> None:
        stale = self._due([*self._owed, *await self._stale()], time.monotonic())
        asks = list(self._asks)
        wanted = {topic for _, topic in asks} - self._things.keys()
        if not stale and not asks:
            return
        async with db.unit(_NOBODY, read=True) as session:
            for name in {topic.partition(":")[0] for topic in (*stale, *wanted)}:
                await self._refresh(session, name, [topic for topic in stale if topic.startswith(f"{name}:")])
            fresh = {topic: await self._look(session, topic) for topic in wanted}
        shown = {topic: seen for topic, seen in fresh.items() if seen is not None}
        await self._know({seen.org_id for seen in shown.values()} - self._epochs.keys())
        self._things |= {topic: _Thing(topic, seen) for topic, seen in shown.items()}
        for passer, topic in asks:
            if (passer, topic) in self._asks:
                self._let_in(passer, topic)
        for topic in fresh:
            self._tidy(topic)

    async def _know(self, org_ids: Collection[Id]) -> dict[Id, Position]:
        """Where the feeds of these orgs end."""
        if not org_ids:
            return {}
        async with db.system() as session:
            heads = await feeds.heads(session, list(org_ids))
        found = {org_id: heads.get(org_id, feeds.NOWHERE) for org_id in org_ids}
        self._epochs |= {org_id: head.epoch for org_id, head in found.items()}
        return found

    async def _stale(self) -> list[str]:
        """The topics of which an org has told something since its feed was last looked at."""
        by_org: dict[Id, list[str]] = defaultdict(list)
        for topic, thing in self._things.items():
            by_org[thing.seen.org_id].append(topic)
        before, self._heads = self._heads, await self._know(by_org.keys())
        stale: list[str] = []
        for org_id, topics in by_org.items():
            head, known = self._heads[org_id], before.get(org_id)
            if known is None or known.epoch != head.epoch or head.seq - known.seq > _MOST_FACTS:
                stale += topics
            elif head.seq > known.seq:
                stale += await self._told_of(org_id, known, topics)
        return stale

    def _due(self, stale: Collection[str], now: float) -> list[str]:
        """Those that may be shown anew by now; the others are owed."""
        due, self._owed = [], []
        for topic in dict.fromkeys(stale):
            thing, kind = self._things.get(topic), live.kind_of(topic)
            if thing is None or kind is None or kind.window is None:
                continue
            if now - thing.shown_at < kind.window.pace_s:
                self._owed.append(topic)
            else:
                thing.shown_at = now
                due.append(topic)
        return due

    async def _told_of(self, org_id: Id, since: Position, topics: Collection[str]) -> list[str]:
        async with db.unit(Scope(org_id=org_id), read=True) as session:
            _head, happened = await feeds.after(session, since.seq, limit=2 * _MOST_FACTS)
        found: list[str] = []
        for topic in topics:
            kind, key = live.kind_of(topic), topic.partition(":")[2]
            window = kind.window if kind else None
            if window and any(
                row.tag in window.any_of or (row.tag in window.facts and str(row.payload.get("id")) == key)
                for row in happened
            ):
                found.append(topic)
        return found

    async def _refresh(self, session: db.Db, name: str, topics: Collection[str]) -> None:
        """Show the present state of these, where it is another one."""
        kind = live.kind_of(f"{name}:")
        if kind is None or kind.window is None or not topics:
            return
        numbers = await kind.window.numbers(session, [Id(topic.partition(":")[2]) for topic in topics])
        for topic in topics:
            thing = self._things[topic]
            number = numbers.get(Id(topic.partition(":")[2]))
            if number is None:
                if thing.there:
                    # what was last shown is behind; the change that took it away has counted one at least
                    self._show(thing, InWindow(thing.seen.org_id, thing.seen.n + 1, kind.window.gone()), there=False)
            elif number != thing.seen.n or not thing.there:
                seen = await kind.window.show(session, Id(topic.partition(":")[2]))
                if seen is not None:
                    self._show(thing, seen, there=True)

    async def _look(self, session: db.Db, topic: str) -> InWindow | None:
        kind, (_, _, key) = live.kind_of(topic), topic.partition(":")
        try:
            return await kind.window.show(session, Id(key)) if kind and kind.window else None
        except ValueError:
            return None

    def _show(self, thing: _Thing, seen: InWindow, *, there: bool) -> None:
        thing.seen, thing.there = seen, there
        for lang, room in thing.rooms.items():
            content = pushes.content(self._renderer, [seen.push], lang)
            if content != thing.told.get(lang):
                thing.told[lang] = content
                room.last = seen.n
                said = {self._renderer.sentence(seen.push.say, lang): 1} if seen.push.say else None
                self._pump.send(room, self._frame(thing, content, said), seen.n)

    def _let_in(self, passer: Passer, topic: str) -> None:
        del self._asks[passer, topic]
        passer.waiting.discard(topic)
        thing = self._things.get(topic)
        if thing is None:
            self.close(passer, protocol.NOT_ALLOWED)
            return
        room = thing.rooms.get(passer.lang)
        if room is None:
            room = thing.rooms[passer.lang] = Room((topic, passer.lang, ""), thing.seen.n)
            thing.told[passer.lang] = pushes.content(self._renderer, [thing.seen.push], passer.lang)
        passer.outlet.write_all([self._frame(thing, thing.told[passer.lang], None)])
        room.enter(passer, passer.outlet)
        passer.rooms[topic] = room

    def _frame(self, thing: _Thing, content: str, said: dict[str, int] | None) -> bytes:
        epoch = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._epochs[thing.seen.org_id]}/{thing.topic}"))
        return protocol.encode(
            protocol.Patch(t=thing.topic, p=0, n=thing.seen.n, epoch=epoch, content=content, say=said)
        )

    def _sweep(self, now: float) -> None:
        for passer in self.passers:
            if passer.outlet.stuck(now):
                self.cut(passer)
            elif passer.beat_at <= now:
                passer.beat_at = now + BEAT_S
                passer.messages = 0
                heads = {topic: room.last for topic, room in passer.rooms.items()}
                passer.tell(protocol.Heartbeat(now=time.time(), heads=heads))
