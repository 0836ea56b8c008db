"""The way out to one socket. Two kinds pass the same tests: raw bytes into uvicorn's transport, and portable ASGI."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

Message = dict[str, Any]

HIGH_WATER = 1_000_000
"""Bytes that may wait for one socket before it is called slow."""

SEND_DEADLINE_S = 5.0

READ_DEADLINE_S = 7.0
"""A peer that takes nothing for so long, a beat or two of a page, does not read."""


def text_frame(payload: bytes) -> bytes:
    """The RFC 6455 text frame a server sends, built once per event."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def text_message(payload: bytes) -> Message:
    """The ASGI message for the same, shared by all sockets too."""
    return {"type": "websocket.send", "text": payload.decode()}


class Outlet(Protocol):
    """`write` takes a frame (raw) or a message (portable) and never waits; too much waiting calls `on_slow`."""

    raw: bool
    on_slow: Callable[[], None]
    catching_up: bool
    """While it is, a full buffer is waited for (`drained`), not called slow."""

    waiting: int
    """Bytes (or nearly) that its peer has not read, as last looked at."""

    @property
    def write(self) -> Callable[[Any], None]: ...

    def write_all(self, payloads: Sequence[bytes]) -> None:
        """Several frames at once, in order."""

    async def drained(self) -> None:
        """Wait until there is room again. Raises TimeoutError after the send deadline."""

    def stuck(self, now: float) -> bool:
        """Nothing has left us for longer than the send deadline although something waits."""

    def unread(self, now: float) -> bool:
        """Its peer has taken nothing from the kernel for longer than the read deadline; asked before each beat."""

    async def close(self, code: int) -> None:
        """Say goodbye within the deadline, or just cut."""

    def cut(self) -> None:
        """End the connection without a word: the peer does not read."""
