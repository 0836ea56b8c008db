"""Reading feeds: where one ends, and what happened after a position."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, select

from app.core.base import Db
from app.core.feed_tables import EventRow, Feed
from app.core.ids import Id

_WRITTEN = re.compile(r"([0-9a-z-]{1,36}):([0-9]{1,18})")


class Position(Struct, frozen=True):
    """A place in one feed: everything up to `seq` is behind it. A restored database starts another epoch."""

    epoch: str
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}"

    @classmethod
    def read(cls, written: str) -> "Position":
        """The position in `EPOCH:SEQ`. Raises ValueError."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError("a position is EPOCH:SEQ")
        return cls(found[1], int(found[2]))


NOWHERE = Position("-", 0)
"""The position of a feed that has not begun."""


class Happened(Struct, frozen=True):
    """One fact at its place, as its row holds it."""

    seq: int
    tag: str
    payload: dict[str, Any]
    branch_id: Id | None
    at: datetime


async def position(db: Db) -> Position:
    """Where the feed of the session's org ends: in a `read` unit, in the snapshot of every other read."""
    org_id = db.scope.org_id
    return NOWHERE if org_id is None else (await heads(db, [org_id])).get(org_id, NOWHERE)


async def heads(db: Db, org_ids: Sequence[Id]) -> dict[Id, Position]:
    """Where each of these feeds ends; those that have not begun are missing."""
    found = await db.execute(select(Feed.org_id, Feed.epoch, Feed.seq).where(Feed.org_id.in_(org_ids)))
    return {org_id: Position(str(epoch), seq) for org_id, epoch, seq in found}


async def after(db: Db, seq: int, *, limit: int) -> tuple[Position, list[Happened]]:
    """Where the feed of the session's org ends, and its facts after `seq` in order, in one query."""
    joined = and_(EventRow.org_id == Feed.org_id, EventRow.seq > seq)
    columns = (EventRow.seq, EventRow.tag, EventRow.payload, EventRow.branch_id, EventRow.at)
    found = await db.execute(
        select(Feed.epoch, Feed.seq, *columns)
        .outerjoin(EventRow, joined)
        .where(Feed.org_id == db.scope.org_id)
        .order_by(EventRow.seq)
        .limit(limit)
    )
    rows = found.all()
    if not rows:
        return NOWHERE, []
    epoch, head, *_ = rows[0]
    return Position(str(epoch), head), [Happened(*row[2:]) for row in rows if row[2] is not None]
