"""The one reader of a feed in this process: reads new facts once, shows them to every room, lets listeners in."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from app.core import db, feeds, live
from app.core.base import Db, Scope
from app.core.feeds import Happened, Position
from app.core.ids import Id
from app.core.live import Drop, Push
from app.core.supervised import pause_s
from realtime import catchup, figures, protocol, pushes
from realtime.catchup import MOST_EVENTS, Missed
from realtime.listener import Listener
from realtime.pump import Pump
from realtime.pushes import Renderer
from realtime.room import Key, Room
from realtime.states import States

log = logging.getLogger(__name__)

_MOST_ROWS = 2 * MOST_EVENTS
_PATIENCE = 3


class _Ask(Struct, frozen=True):
    """A listener wants in, having seen everything to `at`: to a topic (HTML) or to all facts (JSON, topic "")."""

    listener: Listener
    topic: str
    at: Position | None


class Feed:
    """Works in turns, one at a time: read in one snapshot, write to rooms, then answer those who want in.

    Nothing is awaited between an answer and its room, and the next turn starts where this one's snapshot ended, so a
    listener can neither miss a fact nor get one twice.
    """

    def __init__(
        self,
        org_id: Id,
        *,
        renderer: Renderer,
        pump: Pump,
        dropped: Callable[[Listener, int], None],
        replay: Callable[[Listener, Position], None],
    ) -> None:
        self.org_id = org_id
        self.position: Position | None = None
        self.listeners: set[Listener] = set()
        self._rooms: dict[Key, Room] = {}
        self._asks: dict[tuple[Listener, str], _Ask] = {}
        self._work = asyncio.Event()
        self._renderer, self._pump = renderer, pump
        self._dropped, self._replay = dropped, replay
        self._states = States(self._work.set)
        self._failures = 0
        self._recent_drops: deque[Drop] = deque(maxlen=100)
        self._task: asyncio.Task[None] | None = None

    # -- what the hub calls

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"live.feed.{self.org_id}")

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def saw(self, head: Position) -> None:
        """The feed ends at `head`: read on if that is news."""
        if head != self.position:
            self._work.set()

    def woke(self, seq: int) -> None:
        if self.position is None or seq > self.position.seq:
            self._work.set()

    def admit(self, listener: Listener) -> None:
        self.listeners.add(listener)
        for drop in self._recent_drops:
            if drop.session_id is not None and drop.session_id == listener.who.session_id:
                self._dropped(listener, drop.code)

    def ask(self, listener: Listener, topic: str, at: Position | None) -> None:
        """Let `listener` in at the end of the next turn. Asking again replaces its place in the room."""
        self.leave(listener, topic)
        listener.waiting.add(topic)
        self._asks[listener, topic] = _Ask(listener, topic, at)
        self._work.set()

    def leave(self, listener: Listener, topic: str) -> None:
        listener.waiting.discard(topic)
        self._asks.pop((listener, topic), None)
        self._tidy(listener.leave(topic))

    def dismiss(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        for topic in (*listener.rooms, *listener.waiting):
            self.leave(listener, topic)

    def _tidy(self, room: Room | None) -> None:
        if room is not None and room.empty and self._rooms.get(room.key) is room:
            del self._rooms[room.key]

    # -- turns

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                figures.TURNS.inc()
                await self._turn()
                self._failures = 0
            except Exception:
                self._failures += 1
                figures.TURN_FAILURES.inc()
                log.warning("live feed %s failed a turn", self.org_id, exc_info=self._failures == 1)
                self._work.set()
                await asyncio.sleep(min(2.0, pause_s(self._failures)))

    async def _turn(self) -> None:
        asks = list(self._asks.values())
        async with db.unit(Scope(org_id=self.org_id), read=True) as session:
            if self.position is None:
                self.position = await feeds.position(session)
                self._recheck_all()
            head, happened = await feeds.after(session, self._read_from(asks), limit=_MOST_ROWS)
            live.hears(session, {*(key[0] for key in self._rooms), *(ask.topic for ask in asks)})
            await self._advance(session, head, happened)
            await self._show_anew(session)
            if asks:
                reached = Position(self.position.epoch, self.position.seq)
                missed = Missed(session, self._renderer, reached, [row for row in happened if row.seq <= reached.seq])
                await self._answer(missed, await self._allowed(session, asks))
        if self.position.seq < head.seq:
            self._work.set()

    def _recheck_all(self) -> None:
        """Whose session ended before this position was not dropped by the fact that says so."""
        for listener in self.listeners:
            listener.recheck_at = 0.0

    def _read_from(self, asks: Sequence[_Ask]) -> int:
        assert self.position is not None  # noqa: S101 - set at the start of the turn
        near = self.position.seq - MOST_EVENTS
        return min([self.position.seq, *(ask.at.seq for ask in asks if ask.at and ask.at.seq >= near)])

    async def _advance(self, session: Db, head: Position, happened: Sequence[Happened]) -> None:
        """Show the new facts to the rooms, or make everybody start over where the feed is not the one we knew."""
        assert self.position is not None  # noqa: S101 - set at the start of the turn
        news = [row for row in happened if row.seq > self.position.seq]
        whole = not news or news[0].seq == self.position.seq + 1
        if head.epoch != self.position.epoch or head.seq < self.position.seq or not whole:
            self._start_over(head)
            return
        if not news:
            return
        reached = Position(head.epoch, news[-1].seq)
        try:
            shown = await pushes.show(session, news)
            frames = self._frames(shown.pushes, reached)
        except Exception:
            if self._failures < _PATIENCE:
                raise
            log.exception("a live function or fragment keeps failing in feed %s: its pages start over", self.org_id)
            shown, frames = pushes.Shown([], [], {}), None
        self.position = reached
        self._drop(shown.drops)
        self._states.grow_stale(shown.stale, self._rooms.values())
        self._stream(news)
        if frames is None:
            self._reset(reached)
        else:
            for room, payload in frames:
                self._send(room, payload, reached.seq)
        figures.PUBLISH_TO_WRITE.observe(max(0.0, (datetime.now(UTC) - news[-1].at).total_seconds()))

    def _frames(self, shown: Sequence[tuple[int, Push]], reached: Position) -> list[tuple[Room, bytes]]:
        by_topic: dict[str, list[Push]] = {}
        for _, push in shown:
            by_topic.setdefault(push.topic, []).append(push)
        frames = []
        for room in list(self._rooms.values()):
            topic, lang, clearance = room.key
            if topic not in by_topic:
                continue
            kind = live.kind_of(topic)
            p = room.last if kind is None or kind.log else 0
            frames.append((room, pushes.patch(
                self._renderer, by_topic[topic], topic=topic, lang=lang, clearance=clearance,
                p=p, n=reached.seq, epoch=reached.epoch,
            )))  # fmt: skip
        return frames

    async def _show_anew(self, session: Db) -> None:
        """The states that are due, each read once."""
        for topic in self._states.due():
            rooms = [room for room in self._rooms.values() if room.topic == topic]
            kind = live.kind_of(topic)
            if kind is not None and kind.log:
                self._fetch_again(topic, rooms)
                continue
            shown = await kind.snapshot(session, topic.partition(":")[2]) if rooms and kind and kind.snapshot else []
            position = self.position or feeds.NOWHERE
            frames = [
                (room, pushes.patch(
                    self._renderer, shown, topic=topic, lang=room.key[1], clearance=room.key[2],
                    p=0, n=position.seq, epoch=position.epoch,
                ))
                for room in rooms
            ]  # fmt: skip
            self._states.shown(topic)
            for room, payload in frames:
                room.owes = False
                self._send(room, payload, position.seq)

    def _fetch_again(self, topic: str, rooms: Sequence[Room]) -> None:
        """A list of which more has changed than is worth telling: its pages fetch their region."""
        position = self.position or feeds.NOWHERE
        payload = protocol.encode(protocol.Reset(t=topic, n=position.seq, epoch=position.epoch))
        self._states.shown(topic)
        for room in rooms:
            room.owes = False
            self._send(room, payload, position.seq)

    def _send(self, room: Room, payload: bytes, seq: int) -> None:
        room.last = seq
        self._pump.send(room, payload, seq)

    def _stream(self, news: Sequence[Happened]) -> None:
        """Every fact, one by one, to the JSON listeners who may see it."""
        for room in list(self._rooms.values()):
            if not room.topic:
                who = next(iter((*room.raw, *room.plain))).who
                for row in news:
                    if catchup.may_see(who, row):
                        payload, _ = catchup.stream([row], who, room.last)
                        self._send(room, payload[0], row.seq)

    def _drop(self, drops: Sequence[Drop]) -> None:
        self._recent_drops.extend(drops)
        for drop in drops:
            for listener in list(self.listeners):
                who = listener.who
                if drop.session_id == who.session_id or drop.person_id == who.person_id:
                    self._dropped(listener, drop.code)

    def _start_over(self, head: Position) -> None:
        self.position = head
        self._reset(head)
        for room in list(self._rooms.values()):
            if not room.topic:
                self._send(room, protocol.encode(protocol.Resync(epoch=head.epoch, seq=head.seq)), head.seq)

    def _reset(self, head: Position) -> None:
        for room in list(self._rooms.values()):
            if room.topic:
                figures.RESYNCS.inc(len(room.raw) + len(room.plain))
                reset = protocol.Reset(t=room.topic, n=head.seq, epoch=head.epoch)
                self._send(room, protocol.encode(reset), head.seq)

    # -- letting in

    async def _allowed(self, session: Db, asks: Sequence[_Ask]) -> list[_Ask]:
        """Those whose topic is there for them; who asks for another is told so and closed."""
        allowed = []
        for ask in asks:
            if not ask.listener.html or await live.exists_for(session, ask.listener.who, ask.topic):
                allowed.append(ask)
            elif self._still_wanted(ask):
                self._dropped(ask.listener, protocol.NOT_ALLOWED)
        return allowed

    async def _answer(self, missed: Missed, asks: Sequence[_Ask]) -> None:
        """Render what each has missed, then write it and open the room to all of them without a pause between."""
        pages = [(ask, await self._page(missed, ask)) for ask in asks if ask.listener.html]
        for ask, payload in pages:
            if self._still_wanted(ask):
                figures.FILLS.inc()
                ask.listener.outlet.write_all([payload])
                self._let_in(ask, (ask.topic, ask.listener.lang, ask.listener.clearance), missed.head.seq)
        for ask in asks:
            if not ask.listener.html and self._still_wanted(ask):
                self._answer_machine(missed, ask)

    async def _page(self, missed: Missed, ask: _Ask) -> bytes:
        try:
            return await missed.page(ask.topic, ask.listener.lang, ask.listener.clearance, ask.at)
        except Exception:
            if self._failures < _PATIENCE:
                raise
            return protocol.encode(protocol.Reset(t=ask.topic, n=missed.head.seq, epoch=missed.head.epoch))

    def _answer_machine(self, missed: Missed, ask: _Ask) -> None:
        listener, head = ask.listener, missed.head
        at = ask.at or head
        far = at.epoch == head.epoch and head.seq - at.seq > MOST_EVENTS
        rows = [] if far else missed.since(at)
        start = at if rows is not None else head
        if not listener.greeted:
            listener.greeted = True
            listener.tell(protocol.Hello(epoch=start.epoch, seq=start.seq))
        if far:
            del self._asks[listener, ""]
            self._replay(listener, at)
            return
        if rows is None:
            figures.RESYNCS.inc()
            listener.tell(protocol.Resync(epoch=head.epoch, seq=head.seq))
        else:
            frames, _ = catchup.stream(rows, listener.who, at.seq)
            listener.outlet.write_all(frames)
        who = listener.who
        self._let_in(ask, ("", str(who.branch_id or ""), who.role), head.seq)

    def _still_wanted(self, ask: _Ask) -> bool:
        listener = ask.listener
        return not listener.closed and self._asks.get((listener, ask.topic)) is ask

    def _let_in(self, ask: _Ask, key: Key, seq: int) -> None:
        del self._asks[ask.listener, ask.topic]
        room = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = Room(key, seq)
        room.enter(ask.listener, ask.listener.outlet)
        ask.listener.waiting.discard(ask.topic)
        ask.listener.rooms[ask.topic] = room

    @property
    def idle(self) -> bool:
        return not self.listeners and not self._asks
