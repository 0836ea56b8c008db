"""What travels on the live socket: the frames we send, the messages we take, the codes we close with."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from app.core.feeds import Position
from realtime.views import Onlooker

VERSION: Final = 1
"""Raised when an old page could not understand new frames: it is then told to reload (4409)."""

BEAT_S: Final = 10.0
PAGE_BEAT_S: Final = 4.0
"""A page says within 10 s that its line is dead: after two beats it has not heard."""

MOST_TOPICS: Final = 64
MOST_BYTES: Final = 16_384
MOST_MESSAGES_PER_S: Final = 20
MOST_VIEWED: Final = 16

BAD_FRAME: Final = 4400
SESSION_ENDED: Final = 4401
NOT_ALLOWED: Final = 4403
TOO_SLOW: Final = 4408
TOO_OLD: Final = 4409
TOO_FAST: Final = 4429
RESTARTING: Final = 1012

Topic = Annotated[str, Meta(pattern=r"^[a-z_]{1,20}:[0-9A-Za-z_-]{1,64}$")]


class Subscribe(Struct, frozen=True, tag_field="op", tag="sub", forbid_unknown_fields=True):
    """Listen in topics, each from the position its page was rendered at (empty: fetch the region first)."""

    topics: Annotated[dict[Topic, str], Meta(max_length=MOST_TOPICS)]


class Unsubscribe(Struct, frozen=True, tag_field="op", tag="unsub", forbid_unknown_fields=True):
    topics: Annotated[list[Topic], Meta(max_length=MOST_TOPICS)]


class Here(Struct, frozen=True, tag_field="op", tag="here", forbid_unknown_fields=True):
    """The leads this browser has open, in all its tabs; True where somebody types. Said on change and every 15 s."""

    leads: Annotated[dict[UUID, bool], Meta(max_length=MOST_VIEWED)]


Message = Subscribe | Unsubscribe | Here


class Unreadable(Exception):
    """What came in is not a message of ours, or not a position."""


_incoming = msgspec.json.Decoder(Message)


def read(text: str | bytes) -> Message:
    """Raises Unreadable."""
    try:
        message: Message = _incoming.decode(text)
        return message
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None


def read_position(written: str) -> Position | None:
    """The position, None where none was given. Raises Unreadable."""
    try:
        return Position.read(written) if written else None
    except ValueError as error:
        raise Unreadable(str(error)) from None


def read_topics(written: str) -> dict[str, Position | None]:
    """`inbox:lahore@EPOCH:SEQ,board:lahore` of the query string. Raises Unreadable."""
    items = [item.partition("@") for item in written.split(",") if item]
    if len(items) > MOST_TOPICS:
        raise Unreadable("too many topics")
    try:
        return {msgspec.convert(topic, Topic): read_position(at) for topic, _, at in items}
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from None


class _Html(Struct, kw_only=True, tag_field="op", omit_defaults=True):
    pass


class Welcome(_Html, tag="welcome"):
    """First frame of an HTML socket: seconds between heartbeats, our clock, the epoch of its feed."""

    hb: float
    now: float
    epoch: str


class Patch(_Html, tag="patch"):
    """Apply `content` when p ≤ cursor < n, drop it when n ≤ cursor, ask again when p > cursor.

    `say` counts the sentences for the polite region; `alert` {title, body, url} is the last one, `count` how many.
    """

    t: str
    p: int
    n: int
    epoch: str
    content: str
    say: dict[str, int] | None = None
    alert: dict[str, Any] | None = None


class Reset(_Html, tag="reset"):
    """Fetch the topic's region again: too much is missing to be told."""

    t: str
    n: int
    epoch: str


class Heartbeat(_Html, tag="hb"):
    """`heads`: up to where this socket has been sent everything of each topic."""

    now: float
    heads: dict[str, int]


class Onlookers(_Html, tag="here"):
    """Who has the leads of a list open; nobody where the list is empty. `whole`: no other lead is open.

    A frame with n ≤ that of the last is older than what one has, unless it is `whole`.
    """

    t: str
    n: int
    leads: dict[str, list[Onlooker]]
    whole: bool = False


class _Json(Struct, kw_only=True, tag_field="t"):
    pass


class Hello(_Json, tag="hello"):
    """First frame of a JSON socket: where its stream starts."""

    epoch: str
    seq: int


class Event(_Json, tag="event"):
    p: int
    seq: int
    tag: str
    data: dict[str, Any]


class Beat(_Json, tag="beat"):
    head: int


class Resync(_Json, tag="resync"):
    """The stream goes on at `seq`; what lies before must be read again over HTTP."""

    epoch: str
    seq: int


encode = msgspec.json.Encoder().encode
