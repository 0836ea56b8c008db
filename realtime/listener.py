"""One open socket: who listens, in what, through which outlet."""

import asyncio
import random
import time
from typing import Any

from app.core.live import clearance_of
from app.core.security import Principal
from realtime import protocol
from realtime.outlet import Outlet
from realtime.room import Room

RECHECK_S = 60.0
SESSION_COOKIES = ("sid", "__Host-sid")
_NO_HEADERS: dict[str, str] = {}


class Credentials:
    """What a connection brought to say who it is, and no more: a whole one is kilobytes."""

    __slots__ = ("cookies", "headers")

    def __init__(self, connection: Any) -> None:
        given = connection.headers.get("authorization")
        self.headers = {"authorization": given} if given is not None else _NO_HEADERS
        self.cookies = {name: value for name, value in connection.cookies.items() if name in SESSION_COOKIES}

    @property
    def scope(self) -> dict[str, Any]:
        return {"type": "websocket", "state": {}}


def said_by(connection: Any) -> str:
    """What `connection` (or its credentials) says of who it is: the same for all sockets of one session."""
    told: str | None = connection.headers.get("authorization")
    return told or "".join(connection.cookies.get(name, "") for name in SESSION_COOKIES)


class Listener:
    """A page's socket (HTML, in topics) or a machine's (JSON, every fact it may see). Knows no feed and no hub."""

    def __init__(
        self, who: Principal, connection: Any, outlet: Outlet, *, lang: str, html: bool, beat_s: float
    ) -> None:
        self.who = who
        self.connection = connection
        self.outlet = outlet
        self.lang = lang
        self.clearance = clearance_of(who.role)
        self.html = html
        self.rooms: dict[str, Room] = {}  # topic → its room; a JSON listener has one, under ""
        self.beat_s = min(beat_s, protocol.PAGE_BEAT_S) if html else beat_s
        self.waiting: set[str] = set()  # topics asked for and not yet answered
        self.closed = False
        self.gone = None if outlet.raw else asyncio.Event()
        self.greeted = False
        self.since = now = time.monotonic()
        self.beat_at = now + random.uniform(0, self.beat_s)  # noqa: S311 - spreads the beats of a crowd
        self.recheck_at = now + random.uniform(RECHECK_S / 3, RECHECK_S)  # noqa: S311
        self._allowance = float(protocol.MOST_MESSAGES_PER_S)
        self._allowed_at = now

    def over(self) -> None:
        """Nothing more is to be read: where a task waits for messages, it ends."""
        if self.gone is not None:
            self.gone.set()

    def too_fast(self) -> bool:
        """Count one message against the budget."""
        now = time.monotonic()
        most = protocol.MOST_MESSAGES_PER_S
        self._allowance = min(most, self._allowance + (now - self._allowed_at) * most) - 1
        self._allowed_at = now
        return self._allowance < 0

    def tell(self, frame: Any) -> None:
        """Send one frame to this listener alone."""
        if not self.closed:
            self.outlet.write_all([protocol.encode(frame)])

    def leave(self, topic: str) -> Room | None:
        room = self.rooms.pop(topic, None)
        if room is not None:
            room.leave(self)
        return room

    def leave_all(self) -> None:
        self.waiting.clear()
        for topic in list(self.rooms):
            self.leave(topic)

    def beat(self, head: int, now: float) -> None:
        """Tell up to where it has been sent everything. Topics still being caught up are left out."""
        if self.html:
            heads = {topic: room.sent(head) for topic, room in self.rooms.items() if room.numbered}
            self.tell(protocol.Heartbeat(now=now, heads=heads))
        elif room := self.rooms.get(""):
            self.tell(protocol.Beat(head=room.sent(head)))
