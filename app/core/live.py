"""What a fact shows on open screens: pushes, and the topics somebody can listen in."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct, field

from app.core.security import Principal

Swap = Literal["row", "morph", "remove"]


class Push(Struct, frozen=True, kw_only=True):
    """One fragment for one topic of the fact's org; rendered once per language and clearance listened in.

    `row` puts the fragment in the list `target` by id (morphs it if there, else inserts it by `data-k`);
    `morph` replaces the element `target`; `remove` takes element `target` away and needs no fragment.
    `say` is a msgid for the polite live region.
    """

    topic: str
    target: str
    swap: Swap = "row"
    fragment: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    say: str | None = None
    alert: dict[str, str] | None = None


class Drop(Struct, frozen=True, kw_only=True):
    """Close sockets: of one session, or of one person in this org. 4401 session ended, 4403 not allowed, 1012 again."""

    session_id: Any = None
    person_id: Any = None
    code: Literal[4401, 4403, 1012] = 4401


class TopicKind(Struct, frozen=True, kw_only=True):
    """A family of topics `name:key`. `log`: every change matters; else the latest wins (snapshot on subscribe).

    `may` decides who listens; `region` is the URL of the page's own region, for a fresh start.
    """

    name: str
    log: bool
    may: Callable[[Principal, str], bool]
    region: str


_kinds: dict[str, TopicKind] = {}


def install(kinds: tuple[TopicKind, ...]) -> None:
    _kinds.clear()
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(topic: str) -> TopicKind | None:
    """The family of `topic`, or None: an unknown topic and a foreign one look the same."""
    return _kinds.get(topic.partition(":")[0])


def may_listen(who: Principal, topic: str) -> bool:
    kind = kind_of(topic)
    return kind is not None and kind.may(who, topic.partition(":")[2])
