"""What a fact shows on open screens: pushes, and the topics somebody can listen in."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Literal

from msgspec import Struct, field

from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal

Swap = Literal["row", "morph", "remove"]
Clearance = Literal["desk", "desk+cost", "desk-contact"]

_CLEARANCES: dict[str, Clearance] = {
    "owner": "desk+cost",
    "manager": "desk+cost",
    "finance": "desk+cost",
    "readonly": "desk-contact",
}


def clearance_of(role: str) -> Clearance:
    """What a role may see of one and the same fragment: cost figures, or a buyer's contact only masked."""
    return _CLEARANCES.get(role, "desk")


class Push(Struct, frozen=True, kw_only=True):
    """One fragment for one topic of the fact's org; rendered once per language and clearance listened in.

    `row` puts the fragment in the list `target` by its root's id (morphs it if there, else inserts it by `data-k`,
    greatest first); `morph` replaces the element `target`; `remove` takes the element `target` away and needs no
    fragment. `say` is a msgid for the polite live region, `alert` {title, body, url} of msgids for a hidden desk.
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

    session_id: Id | None = None
    person_id: Id | None = None
    code: Literal[4401, 4403, 1012] = 4401


class Stale(Struct, frozen=True):
    """What `topic` shows is not true any more: it is shown anew by its kind's snapshot, no oftener than its pace.

    The pages of a log fetch their region instead: for changes too many to be told one by one.
    """

    topic: str


Shown = Push | Drop | Stale


class TopicKind(Struct, frozen=True, kw_only=True):
    """A family of topics `name:key`. `log`: every change matters; else the latest wins.

    `may` decides who listens, and `check` where that needs a look at the database; `region` is the URL of the page's
    own region, for a fresh start. A kind that is not a log may give `snapshot`: its whole state as pushes, sent to
    whoever comes without a position or is behind. The one kind with `seen_in` is that of presence: its topics tell who
    has a thing open; it answers with the keys under which the thing is told of, none where it is not there for `who`.
    `pace_s`: how long a topic that was shown anew for being Stale rests before it is shown anew again.
    A kind with a `window` is for everybody, without a session, and for nobody else.
    """

    name: str
    log: bool
    may: Callable[[Principal, str], bool]
    region: str = ""
    check: Callable[[Db, Principal, str], Awaitable[bool]] | None = None
    snapshot: Callable[[Db, str], Awaitable[Sequence[Push]]] | None = None
    seen_in: Callable[[Db, Principal, Id], Awaitable[Sequence[str]]] | None = None
    pace_s: float = 0
    window: "Window | None" = None


class InWindow(Struct, frozen=True):
    """A thing as anybody may see it: whose it is, its own number of changes, and what it shows."""

    org_id: Id
    n: int
    push: Push


class Window(Struct, frozen=True, kw_only=True):
    """What passers-by see of the things of a kind, whose `id` its key is.

    `numbers` are those of the things that anybody may see; `show` one of them, `gone` what is shown where one was.
    `facts` may have changed one, the one whose id they carry, or with `any_of` any of the org. One that costs much to
    read is shown anew once in `pace_s` at most.
    """

    numbers: Callable[[Db, Collection[Id]], Awaitable[dict[Id, int]]]
    show: Callable[[Db, Id], Awaitable[InWindow | None]]
    gone: Callable[[], Push]
    facts: frozenset[str]
    any_of: frozenset[str]
    pace_s: float = 0.0


_kinds: dict[str, TopicKind] = {}


def install(kinds: tuple[TopicKind, ...]) -> None:
    _kinds.clear()
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> tuple[TopicKind, ...]:
    return tuple(_kinds.values())


def kind_of(topic: str) -> TopicKind | None:
    """The family of `topic`, or None: an unknown topic and a foreign one look the same."""
    return _kinds.get(topic.partition(":")[0])


def is_window(topic: str) -> bool:
    kind = kind_of(topic)
    return kind is not None and kind.window is not None


def hears(db: Db, topics: Collection[str]) -> None:
    """Only these topics have listeners for what is read with `db`."""
    db.info["live_topics"] = topics


def heard(db: Db, topic: str) -> bool:
    """Whether a push of `topic` may reach anybody: a live function need not read or make what nobody is shown."""
    topics: Collection[str] | None = db.info.get("live_topics")
    return topics is None or topic in topics


def heard_any(db: Db, kind: str) -> bool:
    """Whether anybody listens to a topic of this kind."""
    topics: Collection[str] | None = db.info.get("live_topics")
    return topics is None or any(topic.startswith(f"{kind}:") for topic in topics)


def presence() -> TopicKind | None:
    """The kind whose topics tell who has what open, if anybody can."""
    return next((kind for kind in _kinds.values() if kind.seen_in), None)


def is_presence(topic: str) -> bool:
    kind = kind_of(topic)
    return kind is not None and kind.seen_in is not None


async def exists_for(db: Db, who: Principal, topic: str) -> bool:
    """What `may` could not tell: whether the thing behind the topic is there for `who`."""
    kind = kind_of(topic)
    return kind is not None and (kind.check is None or await kind.check(db, who, topic.partition(":")[2]))


def may_listen(who: Principal, topic: str) -> bool:
    kind = kind_of(topic)
    return kind is not None and kind.may(who, topic.partition(":")[2])
