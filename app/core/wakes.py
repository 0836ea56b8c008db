"""Wake-ups between processes: after a commit, "feed so-and-so now ends at n". No data travels, and any may be lost.

Whoever listens polls as well; a wake-up only makes it sooner. So nothing here ever blocks or fails a commit.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from app.core import channels, events
from app.core.events import Wake
from app.core.ids import Id, new_id
from app.core.supervised import Loop

log = logging.getLogger(__name__)

CHANNEL = "desk:wake"

_MOST_PENDING = 10_000
_PING_S = 3.0

Listener = Callable[[Id, int], None]


class _Message(Struct, frozen=True):
    """`by` is the publishing process, which has told its own listeners already."""

    by: Id
    wakes: list[Wake]


class Wakes:
    """Publisher and listener of one process. With no Redis URL it works within the process."""

    def __init__(self, redis_url: str | None) -> None:
        self._url = redis_url
        self._me = new_id()
        self._listeners: list[tuple[Listener, Callable[[], None]]] = []
        self._pending: dict[Id, int] = {}
        self._changed = asyncio.Event()
        self._loops: list[Loop] = []
        self._unhook: Callable[[], None] | None = None
        self._event_loop: asyncio.AbstractEventLoop | None = None
        self.connected = False

    def listen(self, callback: Listener, on_ready: Callable[[], None] = lambda: None) -> Callable[[], None]:
        """Call `callback(org_id, seq)` at every wake-up, and `on_ready` whenever wake-ups may have been missed before:
        at the start and after each new subscription. Both must be quick and must not raise. Returns the way to stop.
        """
        entry = (callback, on_ready)
        self._listeners.append(entry)
        if self._unhook is not None:
            on_ready()
        return lambda: self._listeners.remove(entry)

    async def start(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self._unhook = events.on_wake(self._after_commit)
        self._ready()
        if self._url is not None:
            self._loops = [Loop("wakes.publish", self._publish), Loop("wakes.subscribe", self._subscribe)]
            for loop in self._loops:
                loop.start()

    async def check(self) -> None:
        """For readiness. Raises ConnectionError while wake-ups only travel within the process."""
        if not self.connected:
            raise ConnectionError("Redis does not answer")

    async def stop(self) -> None:
        if self._unhook is not None:
            self._unhook()
            self._unhook = None
        for loop in self._loops:
            await loop.stop()
        self._loops = []

    def _after_commit(self, wakes: Sequence[Wake]) -> None:
        if asyncio.get_running_loop() is not self._event_loop:
            return
        self._tell(wakes)
        if self._url is None or len(self._pending) > _MOST_PENDING:
            return
        for wake in wakes:
            self._pending[wake.org_id] = max(wake.seq, self._pending.get(wake.org_id, 0))
        self._changed.set()

    def _tell(self, wakes: Sequence[Wake]) -> None:
        for callback, _ in list(self._listeners):
            for wake in wakes:
                callback(wake.org_id, wake.seq)

    def _ready(self) -> None:
        for _, on_ready in list(self._listeners):
            on_ready()

    async def _publish(self, loop: Loop) -> None:
        async with channels.client(self._url) as redis:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_PING_S):
                        await self._changed.wait()
                self._changed.clear()
                if not self._pending:
                    loop.beat()
                    continue
                batch, self._pending = self._pending, {}
                message = _Message(self._me, [Wake(org_id, seq) for org_id, seq in batch.items()])
                try:
                    await redis.publish(CHANNEL, msgspec.msgpack.encode(message))
                except BaseException:
                    self._pending = {**batch, **self._pending}
                    self._changed.set()
                    raise
                loop.beat()

    async def _subscribe(self, loop: Loop) -> None:
        try:
            await channels.follow(channels.client(self._url), CHANNEL, loop, ready=self._connect, hear=self._hear)
        finally:
            self.connected = False

    def _connect(self) -> None:
        self.connected = True
        self._ready()

    def _hear(self, data: bytes) -> None:
        try:
            message = msgspec.msgpack.decode(data, type=_Message)
        except msgspec.MsgspecError:
            log.warning("unreadable wake-up ignored")
            return
        if message.by != self._me:
            self._tell(message.wakes)
