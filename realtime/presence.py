"""Who has which lead open and who types: told by pages, merged over all processes, shown to colleagues, never stored.

What a page says holds for 30 s unless it says so again, and ends with its socket. What another process says holds as
long. Changes are gathered, so that a list hears at most four frames a second.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import msgspec

from app.core import db, live
from app.core.base import Scope
from app.core.ids import Id
from app.core.postings import LAPSES_S, Posting, Postings
from realtime import figures, protocol
from realtime.listener import Listener
from realtime.pump import Pump
from realtime.room import Room
from realtime.views import View, Views

log = logging.getLogger(__name__)

GATHER_S = 0.25
HOLDS_S = 30.0
_REPEAT_S = LAPSES_S / 3
_MOST_KNOWN = 200

_encode, _decode = msgspec.json.encode, msgspec.json.Decoder(list[View]).decode


class _Said:
    """What one listener's page told last, and which leads it may speak of: each was looked up once."""

    def __init__(self) -> None:
        self.leads: Mapping[Id, bool] = {}
        self.until = 0.0
        self.known: dict[Id, tuple[str, ...]] = {}
        self.looking = False


class _Org:
    """Presence in one org as this process knows it."""

    def __init__(self) -> None:
        self.views = Views()
        self.said: dict[Listener, _Said] = {}
        self.rooms: dict[str, Room] = {}
        self.changed: dict[str, set[Id]] = {}
        self.others: dict[Id, tuple[int, float]] = {}  # process → number and time of its newest posting
        self.flush: asyncio.TimerHandle | None = None
        self.flushed_at = 0.0
        self.posted: set[View] = set()
        self.posted_at = 0.0


class Presence:
    """One per hub. Listeners in a topic of presence are in its rooms, not in those of a feed: nothing is numbered."""

    def __init__(self, pump: Pump, postings: Postings, spawn: Callable[[Coroutine[Any, Any, None], str], None]) -> None:
        self._pump, self._postings, self._spawn = pump, postings, spawn
        self._orgs: dict[Id, _Org] = {}
        self._frames = 0
        self._look_ups = asyncio.Semaphore(4)

    async def start(self) -> None:
        self._postings.listen(self._heard, self._start_over)
        await self._postings.start()

    async def stop(self) -> None:
        for org_id, org in self._orgs.items():
            if org.flush:
                org.flush.cancel()
            if org.posted:
                self._postings.post(org_id, "")
        await self._postings.stop()

    # -- what pages ask and say

    def open(self, listener: Listener, topic: str) -> None:
        """Let `listener` in: the whole state, then every change."""
        org, key = self._org(listener.who.org_id), _key(topic)
        listener.leave(topic)
        room = org.rooms.get(key)
        if room is None:
            room = org.rooms[key] = Room((topic, "", ""), 0, numbered=False)
        listener.outlet.write_all([self._whole(org, topic)])
        room.enter(listener, listener.outlet)
        listener.rooms[topic] = room

    async def snapshot(self, org_id: Id, topic: str) -> bytes:
        """The whole state as a frame, for those who poll."""
        if org_id not in self._orgs:
            self._orgs[org_id] = _Org()
            await self._load(org_id)
        return self._whole(self._org(org_id), topic)

    def say(self, listener: Listener, leads: Mapping[Id, bool]) -> None:
        """This listener's page shows these leads and no others; True where somebody types."""
        org = self._org(listener.who.org_id)
        said = org.said.setdefault(listener, _Said())
        said.leads, said.until = leads, time.monotonic() + HOLDS_S
        self._apply(org, listener, said)
        if not said.looking and not leads.keys() <= said.known.keys():
            said.looking = True
            self._spawn(self._look_up(listener, said), "live.here")

    def leave(self, listener: Listener) -> None:
        """Its connection is over, and with it whatever it said."""
        org = self._orgs.get(listener.who.org_id)
        if org is not None and listener in org.said:
            del org.said[listener]
            self._put(listener.who.org_id, org, listener, ())

    async def _look_up(self, listener: Listener, said: _Said) -> None:
        """Which lists the leads belong to, one by one, until all that the page last told are known."""
        who, kind = listener.who, live.presence()
        try:
            while not listener.closed and (unknown := [lead for lead in said.leads if lead not in said.known]):
                async with self._look_ups, db.unit(Scope(org_id=who.org_id), read=True) as session:
                    for lead in unknown:
                        keys = await kind.seen_in(session, who, lead) if kind and kind.seen_in else ()
                        said.known[lead] = tuple(keys)
                while len(said.known) > _MOST_KNOWN:
                    del said.known[next(iter(said.known))]
        except Exception as error:  # noqa: BLE001 - the page tells again in some seconds
            log.info("who views what could not be looked up: %s", type(error).__name__)
        finally:
            said.looking = False
        org = self._orgs.get(who.org_id)
        if org is not None and org.said.get(listener) is said:
            self._apply(org, listener, said)

    def _apply(self, org: _Org, listener: Listener, said: _Said) -> None:
        who = listener.who
        self._put(who.org_id, org, listener, (
            View(lead, keys, who.person_id, who.name, typing)
            for lead, typing in said.leads.items() if (keys := said.known.get(lead))
        ))  # fmt: skip

    # -- what changes, and who is told

    def _put(self, org_id: Id, org: _Org, source: Any, views: Any) -> None:
        changed = org.views.put(source, views)
        for key, lead in changed:
            org.changed.setdefault(key, set()).add(lead)
        if changed and org.flush is None:
            due = max(0.0, org.flushed_at + GATHER_S - time.monotonic())
            org.flush = asyncio.get_running_loop().call_later(due, self._flush, org_id, org)

    def _flush(self, org_id: Id, org: _Org) -> None:
        org.flush, org.flushed_at = None, time.monotonic()
        changed, org.changed = org.changed, {}
        for key, leads in changed.items():
            room = org.rooms.get(key)
            if room is not None and not room.empty:
                self._frames += 1
                found = {str(lead): org.views.onlookers(lead) for lead in leads}
                frame = protocol.Onlookers(t=room.topic, n=self._frames, leads=found)
                self._pump.send(room, protocol.encode(frame), 0)
        self._post(org_id, org)

    def _whole(self, org: _Org, topic: str) -> bytes:
        found = {str(lead): onlookers for lead, onlookers in org.views.of_key(_key(topic)).items()}
        return protocol.encode(protocol.Onlookers(t=topic, n=self._frames, leads=found, whole=True))

    # -- the other processes

    def _post(self, org_id: Id, org: _Org, *, again: bool = False) -> None:
        mine = org.views.of(org.said)
        if mine != org.posted or (again and mine):
            org.posted, org.posted_at = mine, time.monotonic()
            self._postings.post(org_id, _encode(list(mine)).decode() if mine else "")

    def _heard(self, posting: Posting) -> None:
        org = self._orgs.get(posting.org_id)
        if org is None or posting.n <= org.others.get(posting.by, (0, 0.0))[0]:
            return
        try:
            views = _decode(posting.text) if posting.text else []
        except msgspec.MsgspecError:
            log.warning("views of another release ignored")
            return
        org.others[posting.by] = (posting.n, time.monotonic())
        self._put(posting.org_id, org, posting.by, views)

    def _start_over(self) -> None:
        """Subscribed anew: say everything again, and ask what was said meanwhile."""
        for org_id, org in self._orgs.items():
            self._post(org_id, org, again=True)
            self._spawn(self._load(org_id), "live.here.load")

    async def _load(self, org_id: Id) -> None:
        for posting in await self._postings.read(org_id):
            self._heard(posting)

    def _org(self, org_id: Id) -> _Org:
        org = self._orgs.get(org_id)
        if org is None:
            org = self._orgs[org_id] = _Org()
            self._spawn(self._load(org_id), "live.here.load")
        return org

    # -- housekeeping

    def sweep(self, now: float) -> None:
        """Once a second: forget what was not said again, repeat what still holds."""
        viewers = 0
        for org_id, org in list(self._orgs.items()):
            for listener, said in org.said.items():
                if said.leads and said.until < now:
                    said.leads = {}
                    self._apply(org, listener, said)
            for process, (_, heard_at) in list(org.others.items()):
                if heard_at + LAPSES_S < now:
                    del org.others[process]
                    self._put(org_id, org, process, ())
            if org.posted and org.posted_at + _REPEAT_S < now:
                self._post(org_id, org, again=True)
            for key in [key for key, room in org.rooms.items() if room.empty]:
                del org.rooms[key]
            viewers += len({view.person for view in org.views.of(org.said)})
            if not org.rooms and not org.said and org.flush is None and not org.posted:
                del self._orgs[org_id]
        figures.VIEWERS.set(viewers)


def _key(topic: str) -> str:
    return topic.partition(":")[2]
