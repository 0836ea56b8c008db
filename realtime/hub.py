"""The live hub of one web process: its feeds, its listeners, and the loops that keep them honest."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any, Literal, Protocol

from litestar.exceptions import WebSocketDisconnect

from app.core import db, feeds, health, security
from app.core.feeds import Position
from app.core.ids import Id
from app.core.postings import Postings
from app.core.security import Principal
from app.core.supervised import Loop
from realtime import figures, protocol, replay
from realtime.attendance import Attendance
from realtime.feed import Feed
from realtime.listener import RECHECK_S, Listener, said_by
from realtime.presence import Presence
from realtime.pump import Pump
from realtime.pushes import Renderer
from realtime.roster import Roster
from realtime.window import Window

log = logging.getLogger(__name__)

POLL_S = 0.5
_SWEEP_S = 1.0
_RECHECKS_AT_ONCE = 50
_BEATS_AT_ONCE = 100
_FORGET_FEED_S = 30.0
_SLICES = 10
_SMALLEST_SLICE = 50
_SLICE_PAUSE_S = 0.25


class Wakes(Protocol):
    """Word from other processes that a feed has grown (`app.core.wakes.Wakes`)."""

    def listen(self, callback: Callable[[Id, int], None], on_ready: Callable[[], None] = ...) -> Callable[[], None]: ...


class Hub:
    """Serves sockets from the moment `start` returns until `drain`; `stop` ends its loops.

    A wake-up makes a push prompt; the poll of all heads every half second makes it certain.
    """

    def __init__(
        self,
        *,
        renderer: Renderer,
        wakes: Wakes | None = None,
        postings: Postings,
        kind: Literal["raw", "portable"],
        beat_s: float = protocol.BEAT_S,
    ) -> None:
        self.beat_s = beat_s
        self.kind = kind
        self.roster = Roster()
        self.pump = Pump()
        self.presence = Presence(self.pump, postings, self._spawn)
        self.attendance = Attendance(self.roster)
        self.window = Window(renderer=renderer, pump=self.pump, spawn=self._spawn)
        self.draining = False
        self._renderer, self._wakes = renderer, wakes
        self._feeds: dict[Id, Feed] = {}
        self._idle_since: dict[Id, float] = {}
        self._deaf: Callable[[], None] = lambda: None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops = [Loop("live.poll", self._poll), Loop("live.sweep", self._sweep)]

    async def start(self) -> None:
        if self._wakes is not None:
            self._deaf = self._wakes.listen(self._woke, self._nudge_all)
        await self.presence.start()
        self.attendance.start()
        self.window.start()
        for loop in self._loops:
            loop.start()

    async def stop(self) -> None:
        self._deaf()
        for loop in self._loops:
            await loop.stop()
        health.still("live")
        await self.window.stop()
        await self.attendance.stop()
        await self.presence.stop()
        for feed in list(self._feeds.values()):
            await feed.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Ask every browser to come back elsewhere, some at a time, so that the others are not stormed."""
        self.draining = True
        self.window.close_all(protocol.RESTARTING)
        listeners = list(self.roster)
        size = max(_SMALLEST_SLICE, len(listeners) // _SLICES + 1)
        for start in range(0, len(listeners), size):
            if start:
                await asyncio.sleep(_SLICE_PAUSE_S)
            for listener in listeners[start : start + size]:
                self.close(listener, protocol.RESTARTING)
        closing = [task for task in self._tasks if task.get_name() == "live.close"]
        if closing:
            await asyncio.wait(closing, timeout=2)

    # -- listeners

    def admit(self, listener: Listener) -> Feed:
        """Take `listener` in. It is in no room yet: it asks its feed for those."""
        org_id = listener.who.org_id
        feed = self._feeds.get(org_id)
        if feed is None:
            feed = self._feeds[org_id] = Feed(
                org_id, renderer=self._renderer, pump=self.pump, dropped=self.close, replay=self._replay
            )
            feed.start()
        self.roster.enter(listener)
        self.attendance.came(listener)
        listener.outlet.on_slow = lambda: self._slow(listener)
        figures.SOCKETS.labels("html" if listener.html else "json").inc()
        feed.admit(listener)
        return feed

    def dismiss(self, listener: Listener) -> None:
        """Its connection is over."""
        listener.closed = True
        self.roster.leave(listener)
        self.presence.leave(listener)
        figures.SOCKETS.labels("html" if listener.html else "json").dec()
        feed = self._feeds.get(listener.who.org_id)
        if feed is not None:
            feed.dismiss(listener)

    def close(self, listener: Listener, code: int) -> None:
        """Stop telling `listener` anything, now, and close its socket with `code`."""
        if not listener.closed:
            self._silence(listener)
            self._spawn(self._goodbye(listener, code), "live.close")

    def _silence(self, listener: Listener) -> None:
        listener.closed = True
        self.presence.leave(listener)
        feed = self._feeds.get(listener.who.org_id)
        if feed is not None:
            feed.dismiss(listener)

    async def _goodbye(self, listener: Listener, code: int) -> None:
        with contextlib.suppress(WebSocketDisconnect, ConnectionError, TimeoutError):  # it may have left first
            await listener.outlet.close(code)
        listener.over()

    def _slow(self, listener: Listener) -> None:
        """Only marks: it is called from inside the pump's loop over the room's writers."""
        if not listener.closed:
            listener.closed = True
            figures.SLOW_CUTS.inc()
            asyncio.get_running_loop().call_soon(self._cut, listener)

    def _cut(self, listener: Listener) -> None:
        self._silence(listener)
        log.info("live socket of person %s is too slow: cut", listener.who.person_id)
        listener.outlet.cut()
        listener.over()

    def _replay(self, listener: Listener, at: Position) -> None:
        feed = self._feeds[listener.who.org_id]
        self._spawn(replay.run(feed, listener, at, cut=self._slow), "live.replay")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- feeds

    def _woke(self, org_id: Id, seq: int) -> None:
        self.window.woke(org_id)
        feed = self._feeds.get(org_id)
        if feed is not None:
            feed.woke(seq)

    def _nudge_all(self) -> None:
        for feed in self._feeds.values():
            feed.woke(2**63)

    async def _poll(self, loop: Loop) -> None:
        while True:
            if self._feeds:
                async with db.system() as session:
                    heads = await feeds.heads(session, list(self._feeds))
                self._compare(heads)
            loop.beat()
            health.beat("live")
            await asyncio.sleep(POLL_S)

    def _compare(self, heads: dict[Id, Position]) -> None:
        lag = 0
        for org_id, feed in list(self._feeds.items()):
            head = heads.get(org_id, feeds.NOWHERE)
            if feed.position is not None and feed.listeners:
                lag = max(lag, head.seq - feed.position.seq)
            feed.saw(head)
        figures.HEAD_LAG.set(lag)

    # -- housekeeping

    async def _sweep(self, loop: Loop) -> None:
        while True:
            now = time.monotonic()
            await self._beat_due(now)
            for listener in self.roster:
                if not listener.closed and listener.outlet.stuck(now):
                    self._slow(listener)
            await self._recheck_due(now)
            await self._forget_idle(now)
            self.presence.sweep(now)
            figures.BACKLOG.set(sum(listener.outlet.waiting for listener in self.roster))
            figures.FEEDS.set(len(self._feeds))
            figures.DELIVERIES.set(self.pump.delivered)
            loop.beat()
            await asyncio.sleep(_SWEEP_S)

    async def _beat_due(self, now: float) -> None:
        """Some at a time: each asks the kernel, and writes."""
        wall, due = time.time(), [one for one in self.roster if one.beat_at <= now and not one.closed]
        for number, listener in enumerate(due, 1):
            feed = self._feeds.get(listener.who.org_id)
            if listener.outlet.unread(now):
                self._slow(listener)
            elif not listener.closed and feed is not None and feed.position is not None:
                listener.beat_at = now + listener.beat_s
                listener.beat(feed.position.seq, wall)
            if number % _BEATS_AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _recheck_due(self, now: float) -> None:
        """Ask again whether sessions still stand, once for all sockets of a session: the net under the facts that
        end them."""
        due = {said_by(one.connection) for one in self.roster if one.recheck_at <= now and not one.closed}
        alike: dict[str, list[Listener]] = {key: [] for key in islice(due, _RECHECKS_AT_ONCE)}
        if not alike:
            return
        for listener in self.roster:
            key = said_by(listener.connection)
            if key in alike and not listener.closed:
                alike[key].append(listener)
        for listeners in alike.values():
            for listener in listeners:
                listener.recheck_at = now + RECHECK_S
            who = await security.find(listeners[0].connection)
            for listener in listeners:
                self._judge(listener, who)

    def _judge(self, listener: Listener, who: Principal | None) -> None:
        if who is None:
            self.close(listener, protocol.SESSION_ENDED)
        elif (who.org_id, who.role, who.branch_id) != (
            listener.who.org_id, listener.who.role, listener.who.branch_id,
        ):  # fmt: skip
            self.close(listener, protocol.RESTARTING)

    async def _forget_idle(self, now: float) -> None:
        for org_id, feed in list(self._feeds.items()):
            if not feed.running:
                log.error("live feed %s had stopped: started again", org_id)
                feed.start()
            if not feed.idle:
                self._idle_since.pop(org_id, None)
            elif now - self._idle_since.setdefault(org_id, now) > _FORGET_FEED_S:
                del self._idle_since[org_id], self._feeds[org_id]
                await feed.stop()
