"""From facts to frames: calls the live functions of the wiring, keeps what is newest, renders it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from app.core import events
from app.core.base import Db
from app.core.feeds import Happened
from app.core.live import Drop, Push, Stale
from realtime import protocol


class Renderer(Protocol):
    """`fragment` renders a template outside any request; `sentence` translates a msgid."""

    def fragment(self, name: str, /, *, lang: str, clearance: str, **context: Any) -> str: ...
    def sentence(self, message: str, lang: str) -> str: ...


class Shown(Struct, frozen=True):
    """What facts show, and the topics to be shown anew, each with the seq of the last fact that did so."""

    pushes: list[tuple[int, Push]]
    drops: list[Drop]
    stale: dict[str, int]


async def show(db: Db, happened: Iterable[Happened]) -> Shown:
    """Call the live functions, once per distinct fact: they re-read present state, so the last time tells all."""
    last: dict[tuple[Any, bytes], tuple[int, events.Fact]] = {}
    for row in happened:
        fact = events.decode(row.tag, row.payload)
        if fact is None:  # of a release that this one does not know
            continue
        for function in events.wires()[type(fact)].show:
            key = (function, msgspec.json.encode(fact))
            last.pop(key, None)
            last[key] = (row.seq, fact)
    shown = Shown([], [], {})
    for (function, _), (seq, fact) in last.items():
        for item in await function(db, fact):
            if isinstance(item, Drop):
                shown.drops.append(item)
            elif isinstance(item, Stale):
                shown.stale[item.topic] = max(seq, shown.stale.get(item.topic, 0))
            else:
                shown.pushes.append((seq, item))
    return shown


def patch(
    renderer: Renderer, pushes: Sequence[Push], *, topic: str, lang: str, clearance: str, p: int, n: int, epoch: str
) -> bytes:
    """The frame that takes a listener of `topic` from `p` to `n`."""
    said = Counter(renderer.sentence(push.say, lang) for push in pushes if push.say)
    alerts = [push.alert for push in pushes if push.alert]
    return protocol.encode(
        protocol.Patch(
            t=topic,
            p=p,
            n=n,
            epoch=epoch,
            content=_content(renderer, pushes, lang, clearance),
            say=dict(said) or None,
            alert=_alert(renderer, alerts[-1], lang, len(alerts)) if alerts else None,
        )
    )


def content(renderer: Renderer, pushes: Iterable[Push], lang: str) -> str:
    """What these show to somebody of no org at all."""
    return _content(renderer, pushes, lang, "")


def _alert(renderer: Renderer, alert: dict[str, str], lang: str, count: int) -> dict[str, Any]:
    told: dict[str, Any] = {key: renderer.sentence(text, lang) for key, text in alert.items()}
    return {**told, "count": count}


def _content(renderer: Renderer, pushes: Iterable[Push], lang: str, clearance: str) -> str:
    """Each element once, as its last push shows it, in the order of those last pushes."""
    kept: dict[str, str] = {}
    for push in pushes:
        element, partial = _partial(renderer, push, lang, clearance)
        kept.pop(element, None)
        kept[element] = partial
    return "".join(kept.values())


_STYLES = {"row": "row", "morph": "outerMorph", "remove": "delete"}
_ELEMENT = re.compile(r"[A-Za-z][\w-]*")
_ROOT_ID = re.compile(r'\s*<[^>]*?\sid="([^"]+)"')


def _partial(renderer: Renderer, push: Push, lang: str, clearance: str) -> tuple[str, str]:
    """The element this push is about, and how to show it. A row names itself: its root carries its id."""
    if _ELEMENT.fullmatch(push.target) is None:
        raise ValueError(f"{push.target!r} is not an element id")
    html = renderer.fragment(push.fragment, lang=lang, clearance=clearance, **push.context) if push.fragment else ""
    root = _ROOT_ID.match(html) if push.swap == "row" else None
    element = root[1] if root else push.target
    return element, f'<hx-partial hx-target="#{push.target}" hx-swap="{_STYLES[push.swap]}">{html}</hx-partial>'
