"""What each process says of itself, org by org, for the other processes: soft state that lapses unless said again.

It is kept in Redis under keys that expire and told on a channel at once. Nothing here is a promise: any posting may be
lost, and with no Redis a process hears of nobody else. What is posted is sealed, since it may name people.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from app.core import channels, crypto
from app.core.crypto import Place
from app.core.ids import Id, new_id
from app.core.supervised import Loop

log = logging.getLogger(__name__)

LAPSES_S = 30
_PING_S = 3.0
_LEAVE_WITHIN_S = 1.0


class Posting(Struct, frozen=True):
    """All that the process `by` has to say of an org; "" when that is nothing. The greatest `n` is the newest."""

    by: Id
    org_id: Id
    n: int
    text: str


class _Sealed(Struct, frozen=True):
    by: Id
    org_id: Id
    n: int
    body: bytes


class Postings:
    """Publisher and reader of one process for one subject (`name`)."""

    def __init__(self, redis_url: str | None, name: str) -> None:
        self._url = redis_url
        self._name = name
        self.me = new_id()
        self._hear: Callable[[Posting], None] = lambda _: None
        self._ready: Callable[[], None] = lambda: None
        self._pending: dict[Id, str] = {}
        self._changed = asyncio.Event()
        self._loops: list[Loop] = []

    def listen(self, hear: Callable[[Posting], None], ready: Callable[[], None]) -> None:
        """Call `hear` with what others post, and `ready` whenever something may have been missed before."""
        self._hear, self._ready = hear, ready

    async def start(self) -> None:
        if self._url is not None:
            self._loops = [Loop(f"{self._name}.publish", self._publish), Loop(f"{self._name}.follow", self._follow)]
            for loop in self._loops:
                loop.start()

    async def stop(self) -> None:
        """What was posted last still goes out, if Redis answers at once."""
        for loop in self._loops:
            await loop.stop()
        if self._loops and self._pending:
            with contextlib.suppress(*channels.AWAY):
                async with asyncio.timeout(_LEAVE_WITHIN_S), channels.client(self._url) as redis:
                    await self._send(redis)
        self._loops = []

    def post(self, org_id: Id, text: str) -> None:
        """Replace what this process says of the org; "" takes it back."""
        if self._url is not None:
            self._pending[org_id] = text
            self._changed.set()

    async def read(self, org_id: Id) -> list[Posting]:
        """What other processes say of the org at present; nothing where Redis does not answer."""
        if self._url is None:
            return []
        try:
            async with asyncio.timeout(_LEAVE_WITHIN_S), channels.client(self._url) as redis:
                members: set[bytes] = await redis.smembers(self._key(org_id))  # type: ignore[misc]
                names = [name.decode() for name in members]
                kept = await redis.mget([f"{self._key(org_id)}:{name}" for name in names]) if names else []
        except channels.AWAY:
            return []
        found = [self._open(sealed) for sealed in kept if sealed is not None]
        return [posting for posting in found if posting is not None]

    async def _publish(self, loop: Loop) -> None:
        async with channels.client(self._url) as redis:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_PING_S):
                        await self._changed.wait()
                self._changed.clear()
                if self._pending:
                    await self._send(redis)
                loop.beat()

    async def _send(self, redis: Redis) -> None:
        batch, self._pending = self._pending, {}
        try:
            async with redis.pipeline(transaction=False) as pipe:
                for org_id, text in batch.items():
                    key, mine = self._key(org_id), f"{self._key(org_id)}:{self.me}"
                    body = self._seal(org_id, text)
                    if text:
                        pipe.set(mine, body, ex=LAPSES_S)
                        pipe.sadd(key, str(self.me))
                        pipe.expire(key, 2 * LAPSES_S)
                    else:
                        pipe.delete(mine)
                        pipe.srem(key, str(self.me))
                    pipe.publish(self._channel, body)
                await pipe.execute()
        except BaseException:
            self._pending = {**batch, **self._pending}
            self._changed.set()
            raise

    async def _follow(self, loop: Loop) -> None:
        await channels.follow(channels.client(self._url), self._channel, loop, ready=self._ready, hear=self._heard)

    def _heard(self, data: bytes) -> None:
        posting = self._open(data)
        if posting is not None:
            self._hear(posting)

    def _seal(self, org_id: Id, text: str) -> bytes:
        body = crypto.seal(text, self._place(org_id, self.me))
        return msgspec.msgpack.encode(_Sealed(self.me, org_id, time.time_ns(), body))

    def _open(self, data: bytes) -> Posting | None:
        """None for our own, and for what nobody of ours can have written."""
        try:
            sealed = msgspec.msgpack.decode(data, type=_Sealed)
            if sealed.by == self.me:
                return None
            text = crypto.unseal(sealed.body, self._place(sealed.org_id, sealed.by))
        except (msgspec.MsgspecError, crypto.Unreadable):
            log.warning("unreadable posting ignored")
            return None
        return Posting(sealed.by, sealed.org_id, sealed.n, text)

    def _place(self, org_id: Id, by: Id) -> Place:
        return Place(table=self._name, column="posting", owner=org_id, row=by)

    @property
    def _channel(self) -> str:
        return f"desk:{self._name}"

    def _key(self, org_id: Id) -> str:
        return f"desk:{self._name}:{org_id}"
