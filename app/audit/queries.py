"""Reads of the audit trail of the org we act in, and the proof that nobody changed it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from app.accounts.models import AppUser
from app.audit.schemas import AuditFilter, AuditRow, Verdict
from app.core import lists
from app.core.base import Db
from app.core.events import GENESIS, chain_hash
from app.core.feed_tables import AuditRecord, Feed
from app.core.ids import Id
from app.core.paging import Page, cut

_BATCH = 2000
_CHAIN = select(*(getattr(AuditRecord, column.key) for column in AuditRecord.__table__.columns)).order_by(
    AuditRecord.seq
)


async def records(db: Db, only: AuditFilter, *, cursor: str | None = None, limit: int = 50) -> Page[AuditRow]:
    """The latest first."""
    position, cursors = await lists.position(db), lists.cursors(db, "audit")
    conditions: list[ColumnElement[bool]] = [
        getattr(AuditRecord, field) == value
        for field in only.__struct_fields__
        if (value := getattr(only, field)) is not None
    ]
    before = cursors.decode(cursor, tuple[int])
    if before:
        conditions.append(AuditRecord.seq < before[0])
    found = await db.scalars(select(AuditRecord).where(*conditions).order_by(AuditRecord.seq.desc()).limit(limit + 1))
    page, more = cut(list(found), limit)
    names = await _names(db, {row.actor_id for row in page if row.actor_id})
    items = [
        AuditRow(
            row.seq,
            row.action,
            row.entity,
            row.entity_id,
            row.diff,
            row.actor_id,
            names.get(row.actor_id) if row.actor_id else None,
            row.request_id,
            row.at,
        )
        for row in page
    ]
    return Page(items, cursors.encode(page[-1].seq) if more else None, position)


async def verify(db: Db) -> Verdict:
    """Computes the whole chain again: a changed, dropped, swapped or inserted record shows, a cut tail too."""
    feed = (await db.execute(select(Feed.seq, Feed.audit_hash))).one_or_none()
    link, seen = GENESIS, 0
    while True:
        found = await db.execute(_CHAIN.where(AuditRecord.seq > seen).limit(_BATCH))
        rows = found.mappings().all()
        link, seen, broken = _follow(rows, link, seen)
        if broken or len(rows) < _BATCH:
            return _verdict(link, seen, broken, feed.seq if feed else 0, feed.audit_hash if feed else GENESIS)


def whole(rows: Sequence[Mapping[str, Any]], last: int, head: bytes) -> Verdict:
    """The same over records at hand, in order."""
    link, seen, broken = _follow(rows, GENESIS, 0)
    return _verdict(link, seen, broken, last, head)


def _follow(rows: Sequence[Any], link: bytes, seen: int) -> tuple[bytes, int, bool]:
    for row in rows:
        link = chain_hash(link, row)
        if row["seq"] != seen + 1 or row["hash"] != link:
            return link, seen, True
        seen = row["seq"]
    return link, seen, False


def _verdict(link: bytes, seen: int, broken: bool, last: int, head: bytes) -> Verdict:
    good = not broken and seen == last and link == head
    return Verdict(good, seen, None if good else seen + 1, link.hex())


async def _names(db: Db, ids: set[Id]) -> dict[Id, str]:
    """Of those this org may see: its members."""
    if not ids:
        return {}
    return {user.id: user.name for user in await db.scalars(select(AppUser).where(AppUser.id.in_(ids)))}
