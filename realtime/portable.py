"""The portable way out: a task and a bounded queue per socket, on any ASGI server."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from litestar.exceptions import WebSocketDisconnect

from realtime.outlet import HIGH_WATER, SEND_DEADLINE_S, Message, text_message

_MOST_WAITING = 256


class PortableOutlet:
    """Frames wait in a queue that its own task sends from; a full queue makes the socket slow, never shorter."""

    raw = False

    def __init__(self, send: Callable[[Message], Awaitable[None]], close: Callable[[int], Awaitable[None]]) -> None:
        self._send, self._close = send, close
        self._queue: deque[list[Message]] = deque()
        self.waiting = 0
        self._more = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._sending_since: float | None = None
        self.on_slow: Callable[[], None] = lambda: None
        self.catching_up = False
        self._task = asyncio.create_task(self._run())

    @property
    def write(self) -> Callable[[Message], None]:
        return self._offer

    def _offer(self, message: Message) -> None:
        if not self.catching_up and (len(self._queue) >= _MOST_WAITING or self.waiting > HIGH_WATER):
            self.on_slow()
            return
        self._add([message])

    def _add(self, messages: list[Message]) -> None:
        self._queue.append(messages)
        self.waiting += sum(len(message["text"]) for message in messages)
        self._idle.clear()
        self._more.set()

    def write_all(self, payloads: Sequence[bytes]) -> None:
        """A catch-up counts as one: it is bounded where it is made."""
        if payloads:
            self._add([text_message(payload) for payload in payloads])

    async def _run(self) -> None:
        with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
            while True:
                await self._more.wait()
                self._more.clear()
                while self._queue:
                    for message in self._queue.popleft():
                        self._sending_since = time.monotonic()
                        await self._send(message)
                        self._sending_since = None
                        self.waiting -= len(message["text"])
                self._idle.set()

    async def drained(self) -> None:
        await asyncio.wait_for(self._idle.wait(), SEND_DEADLINE_S)

    def unread(self, _now: float) -> bool:
        return False  # the socket is not ours to ask

    def stuck(self, now: float) -> bool:
        return self._sending_since is not None and now - self._sending_since > SEND_DEADLINE_S

    async def close(self, code: int) -> None:
        """What was queued before the goodbye still goes out, unless the peer does not read."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), 1)
        await self._end()
        with contextlib.suppress(TimeoutError, RuntimeError, OSError, WebSocketDisconnect):
            await asyncio.wait_for(self._close(code), SEND_DEADLINE_S)

    def cut(self) -> None:
        """Its handler ends with its task; the server then closes the connection."""
        self._task.cancel()

    async def _end(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
