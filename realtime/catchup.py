"""What a listener has missed: answered from one snapshot, so that it can go live at exactly that position."""

from collections.abc import Sequence

from app.core import live, security
from app.core.base import Db
from app.core.events import fact_types
from app.core.feeds import Happened, Position
from app.core.live import Push
from app.core.security import Principal
from realtime import protocol, pushes
from realtime.pushes import Renderer

MOST_EVENTS = 500
"""Behind by more, a page fetches its region instead."""


class Missed:
    """The facts between the oldest position asked from and `head`, read in one snapshot; answers are shared."""

    def __init__(self, db: Db, renderer: Renderer, head: Position, happened: Sequence[Happened]) -> None:
        self._db, self._renderer = db, renderer
        self.head = head
        self.happened = happened
        self._shown: pushes.Shown | None = None
        self._answers: dict[tuple[str, str, str, str], bytes] = {}

    def since(self, at: Position | None) -> list[Happened] | None:
        """The facts after `at`; None when it is of another epoch, ahead, too far behind, or they are pruned."""
        if at is None or at.epoch != self.head.epoch or not 0 <= self.head.seq - at.seq <= MOST_EVENTS:
            return None
        found = [row for row in self.happened if row.seq > at.seq]
        return found if len(found) == self.head.seq - at.seq else None

    async def page(self, topic: str, lang: str, clearance: str, at: Position | None) -> bytes:
        """The frame that brings a page's topic from `at` to the head; an empty patch when it has missed nothing."""
        key = (topic, lang, clearance, str(at))
        if key not in self._answers:
            self._answers[key] = await self._answer(topic, lang, clearance, at)
        return self._answers[key]

    async def _answer(self, topic: str, lang: str, clearance: str, at: Position | None) -> bytes:
        kind = live.kind_of(topic)
        missed = self.since(at)
        if kind is not None and kind.snapshot and missed != []:
            # A state alerts nobody by itself; what somebody has missed since their position does.
            called = [push for push in await self._news(topic, at) if push.alert]
            state = await kind.snapshot(self._db, topic.partition(":")[2])
            return self._patch([*called, *state], topic, lang, clearance, 0)
        if at is None or missed is None:
            return protocol.encode(protocol.Reset(t=topic, n=self.head.seq, epoch=self.head.epoch))
        news = await self._news(topic, at)
        if self._shown is not None and self._shown.stale.get(topic, 0) > at.seq:
            return protocol.encode(protocol.Reset(t=topic, n=self.head.seq, epoch=self.head.epoch))
        return self._patch(news, topic, lang, clearance, at.seq)

    async def _news(self, topic: str, at: Position | None) -> list[Push]:
        """What was shown in `topic` after `at`; nothing where that cannot be told."""
        if at is None or not self.since(at):
            return []
        return [push for seq, push in (await self._show()).pushes if seq > at.seq and push.topic == topic]

    def _patch(self, found: Sequence[Push], topic: str, lang: str, clearance: str, p: int) -> bytes:
        n, epoch = self.head.seq, self.head.epoch
        return pushes.patch(self._renderer, found, topic=topic, lang=lang, clearance=clearance, p=p, n=n, epoch=epoch)

    async def _show(self) -> pushes.Shown:
        if self._shown is None:
            self._shown = await pushes.show(self._db, self.happened)
        return self._shown


def may_see(who: Principal, row: Happened) -> bool:
    """Whether a JSON listener is sent this fact: of its branch or of none, and allowed to its role."""
    if who.branch_id is not None and row.branch_id not in (None, who.branch_id):
        return False
    kind = fact_types().get(row.tag)
    return kind is not None and (kind.needs is None or security.may(who.role, kind.needs))


def stream(rows: Sequence[Happened], who: Principal, p: int) -> tuple[list[bytes], int]:
    """The event frames `who` may see, chained from `p`; and the last number sent."""
    frames = []
    for row in rows:
        if may_see(who, row):
            frames.append(protocol.encode(protocol.Event(p=p, seq=row.seq, tag=row.tag, data=row.payload)))
            p = row.seq
    return frames, p
