"""From facts to frames: calls the live functions of the wiring, keeps what is newest, renders it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from app.core import events
from app.core.base import Db
from app.core.feeds import Happened
from app.core.live import Drop, Push
from realtime import protocol


class Renderer(Protocol):
    """`fragment` renders a template outside any request; `sentence` translates a msgid."""

    def fragment(self, name: str, *, lang: str, clearance: str, **context: Any) -> str: ...
    def sentence(self, message: str, lang: str) -> str: ...


class Shown(Struct, frozen=True):
    """What facts show, each with the seq of the last fact that showed it."""

    pushes: list[tuple[int, Push]]
    drops: list[Drop]


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
    shown = Shown([], [])
    for (function, _), (seq, fact) in last.items():
        for item in await function(db, fact):
            if isinstance(item, Drop):
                shown.drops.append(item)
            else:
                shown.pushes.append((seq, item))
    return shown


def newest(pushes: Iterable[Push]) -> list[Push]:
    """Each element once, as its last push says, in the order of those last pushes."""
    kept: dict[str, Push] = {}
    for push in pushes:
        kept.pop(push.element, None)
        kept[push.element] = push
    return list(kept.values())


def patch(
    renderer: Renderer, pushes: Sequence[Push], *, topic: str, lang: str, clearance: str, p: int, n: int, epoch: str
) -> bytes:
    """The frame that takes a listener of `topic` from `p` to `n`."""
    said = [renderer.sentence(push.say, lang) for push in pushes if push.say]
    alert = next((push.alert for push in reversed(pushes) if push.alert), None)
    return protocol.encode(
        protocol.Patch(
            t=topic,
            p=p,
            n=n,
            epoch=epoch,
            content="".join(_partial(renderer, push, lang, clearance) for push in newest(pushes)),
            say=" ".join(dict.fromkeys(said)) or None,
            alert={key: renderer.sentence(text, lang) for key, text in alert.items()} if alert else None,
        )
    )


_STYLES = {"row": "row", "morph": "outerMorph", "remove": "delete"}
_ELEMENT = re.compile(r"[A-Za-z][\w-]*")


def _partial(renderer: Renderer, push: Push, lang: str, clearance: str) -> str:
    if _ELEMENT.fullmatch(push.target) is None:
        raise ValueError(f"{push.target!r} is not an element id")
    html = renderer.fragment(push.fragment, lang=lang, clearance=clearance, **push.context) if push.fragment else ""
    return f'<hx-partial hx-target="#{push.target}" hx-swap="{_STYLES[push.swap]}">{html}</hx-partial>'
