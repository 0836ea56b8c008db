"""The fast way out: uvicorn's websocket protocol with a door for frames that are encoded once for everybody.

It leans on uvicorn's internals (handle_connect, scope, transport, writable, queue, close_timer): the minor version is
pinned and tests/realtime/test_socket_contract.py must pass on every upgrade.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime import kernel
from realtime.outlet import HIGH_WATER, READ_DEADLINE_S, SEND_DEADLINE_S, text_frame

DOOR = "desk.raw"
"""The ASGI extension under which the protocol gives itself to the handler."""


Event = dict[str, Any]
"""What ASGI's `receive` would give."""


class _Straight:
    """In the place of the queue: events are handled as they come, and the end is told once."""

    __slots__ = ("_ended", "_tell")

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._ended = False

    def put_nowait(self, event: Event) -> None:
        if not self._ended:
            self._ended = event["type"] == "websocket.disconnect"
            self._tell(event)


class _Held:
    """In the place of the timer that ends a closing handshake: with one set, uvicorn leaves the connection open."""

    def cancel(self) -> None:
        pass


_HELD: Any = _Held()


class LiveProtocol(WebSocketsSansIOProtocol):
    """Everything of uvicorn's own, and more: write limits, the door, word of a full buffer, life without a task."""

    on_full: Callable[[], None] | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=HIGH_WATER, low=HIGH_WATER // 4)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and not self.close_sent:
            # The ASGI task exists but has not run yet, so the handler finds the door.
            self.scope["extensions"][DOOR] = {"protocol": self}

    def pause_writing(self) -> None:
        """Called from inside `transport.write`, so it only marks: the fan-out loop is still running over writers."""
        super().pause_writing()
        if self.on_full is not None:
            self.on_full()

    def take_over(self, tell: Callable[[Event], None]) -> None:
        """Events go to `tell` from here on, and the ASGI task may end without ending the connection.

        An idle socket that keeps its task, its scope and every layer of the application costs twice the memory.
        `tell` must be quick and must not raise. Call it from the ASGI task, after the handshake.
        """
        waiting, self.queue = self.queue, _Straight(tell)  # type: ignore[assignment]
        while not waiting.empty():
            self.queue.put_nowait(waiting.get_nowait())
        if self.read_paused:
            self.transport.resume_reading()
        self.read_paused = True  # nothing queues up any more, so that there is nothing to pause for
        if self.close_timer is None:
            self.close_timer = _HELD

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if self.close_timer is _HELD:
            self.close_timer = None
            # What the handshake was about: nobody asks any more.
            self.scope = self.request = self.response = None  # type: ignore[assignment]

    async def say_goodbye(self, code: int) -> None:
        """Close with `code`; the peer has uvicorn's ten seconds to answer."""
        await self.send({"type": "websocket.close", "code": code, "reason": ""})


class RawOutlet:
    """Writes finished frames straight into the transport: nothing is allocated per delivery."""

    raw = True

    def __init__(self, protocol: LiveProtocol) -> None:
        self._protocol = protocol
        self.waiting = 0
        self._stuck_since: float | None = None
        self._taken, self._taken_at = 0, 0.0
        self._write: Callable[[bytes], None] = protocol.transport.write
        self.on_slow: Callable[[], None] = lambda: None
        self.catching_up = False
        protocol.on_full = self._full

    @property
    def write(self) -> Callable[[bytes], None]:
        return self._write

    def take_over(self, tell: Callable[[Event], None]) -> None:
        self._protocol.take_over(tell)

    def _full(self) -> None:
        if not self.catching_up:
            self.on_slow()

    def write_all(self, payloads: Sequence[bytes]) -> None:
        if payloads:
            self._write(b"".join([text_frame(payload) for payload in payloads]))

    async def drained(self) -> None:
        await asyncio.wait_for(self._protocol.writable.wait(), SEND_DEADLINE_S)

    def stuck(self, now: float) -> bool:
        before, self.waiting = self.waiting, self._protocol.transport.get_write_buffer_size()
        if self.waiting == 0 or self.waiting < before:
            self._stuck_since = None
            return False
        self._stuck_since = self._stuck_since or now
        return now - self._stuck_since > SEND_DEADLINE_S

    def unread(self, now: float) -> bool:
        found = kernel.taken(self._protocol.transport.get_extra_info("socket"))
        if found is None or not found.waits or found.bytes != self._taken:
            self._taken, self._taken_at = found.bytes if found else 0, now
            return False
        return now - self._taken_at > READ_DEADLINE_S

    async def close(self, code: int) -> None:
        self._protocol.on_full = None
        try:
            await asyncio.wait_for(self._protocol.say_goodbye(code), SEND_DEADLINE_S)
        except (TimeoutError, RuntimeError, OSError):
            self.cut()

    def cut(self) -> None:
        self._protocol.on_full = None
        self._protocol.transport.abort()
