"""A room: listeners who are sent the very same bytes."""

from collections.abc import Callable
from typing import Any

from realtime.outlet import Message, Outlet

Key = tuple[str, str, str]
"""(topic, language, clearance) of pages, ("", branch, role) of JSON listeners."""


class Room:
    """Those who hear one topic in one language and clearance; or all JSON listeners who may see the same facts."""

    __slots__ = ("key", "last", "numbered", "owes", "plain", "queued", "raw", "through")

    def __init__(self, key: Key, seq: int, *, numbered: bool = True) -> None:
        self.key = key
        self.numbered = numbered  # by the feed; presence is not
        self.last = seq  # the `n` of the last frame, or where the room opened: the next frame's `p`
        self.through = seq  # up to where every listener has been written everything while frames are queued
        self.queued = 0
        self.owes = False  # it will be shown anew: its listeners have been sent no more than the last frame
        self.raw: dict[Any, Callable[[bytes], None]] = {}
        self.plain: dict[Any, Callable[[Message], None]] = {}

    @property
    def topic(self) -> str:
        return self.key[0]

    def enter(self, listener: Any, outlet: Outlet) -> None:
        if outlet.raw:
            self.raw[listener] = outlet.write
        else:
            self.plain[listener] = outlet.write

    def leave(self, listener: Any) -> None:
        self.raw.pop(listener, None)
        self.plain.pop(listener, None)

    @property
    def empty(self) -> bool:
        return not self.raw and not self.plain

    def sent(self, head: int) -> int:
        """Up to where its listeners have been sent everything, when the feed has been read to `head`."""
        if self.queued:
            return self.through
        return self.last if self.owes else head
