"""Notices of one person: the list, the count, and rows locked for a change."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, func, select, text, tuple_

from app.accounts.models import AppUser
from app.core import lists
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.paging import cut
from app.leads.schemas import DayFigures
from app.notices import rules
from app.notices.models import UNREAD, Notice, NoticeDelivery
from app.notices.schemas import DeliveryRow, FigureLine, NoticePage, NoticeRow

_ROWS: Select[*tuple[Any, ...]] = select(Notice, AppUser).outerjoin(AppUser, AppUser.id == Notice.actor_id)


async def notices(db: Db, person_id: Id, *, cursor: str | None = None, limit: int = 50) -> NoticePage:
    """The newest first, with those that wait and those that were dropped."""
    position, cursors = await lists.position(db), lists.cursors(db, "notices")
    after = cursors.decode(cursor, tuple[datetime, Id])
    query = _ROWS.where(Notice.person_id == person_id)
    if after:
        query = query.where(tuple_(Notice.created_at, Notice.id) < after)
    found = await db.execute(query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit + 1))
    page, more = cut(list(found), limit)
    following = cursors.encode(page[-1][0].created_at, page[-1][0].id) if more else None
    items = await _filled(db, page)
    return NoticePage(items=items, unread=await unread(db, person_id), next_cursor=following, position=position)


async def notice_row(db: Db, notice_id: Id, person_id: Id) -> NoticeRow:
    """Raises NotFound, for a colleague's too."""
    found = await db.execute(_ROWS.where(Notice.id == notice_id, Notice.person_id == person_id))
    return (await _filled(db, [one_or(found, NotFound)]))[0]


async def unread(db: Db, person_id: Id) -> int:
    query = select(func.count()).select_from(Notice).where(Notice.person_id == person_id, text(UNREAD))
    return await db.scalar(query) or 0


async def told(db: Db, told_of: str) -> set[Id]:
    """Who has been told of it."""
    return set(await db.scalars(select(Notice.person_id).where(Notice.told_of == told_of)))


async def notice_for_change(db: Db, notice_id: Id, person_id: Id) -> Notice:
    """Locked. Raises NotFound."""
    query = select(Notice).where(Notice.id == notice_id, Notice.person_id == person_id).with_for_update()
    notice: Notice = one_or(await db.scalars(query), NotFound)
    return notice


async def notices_for_change(db: Db, notice_ids: Sequence[Id]) -> list[Notice]:
    query = select(Notice).where(Notice.id.in_(notice_ids)).order_by(Notice.show_at, Notice.id).with_for_update()
    return list(await db.scalars(query))


async def unread_for_change(db: Db, person_id: Id) -> list[Notice]:
    query = select(Notice).where(Notice.person_id == person_id, text(UNREAD)).order_by(Notice.id).with_for_update()
    return list(await db.scalars(query))


async def deliveries_for_change(db: Db, notice_ids: Iterable[Id]) -> dict[Id, list[NoticeDelivery]]:
    """By notice; lock the notices first."""
    found: dict[Id, list[NoticeDelivery]] = defaultdict(list)
    for one in await db.scalars(select(NoticeDelivery).where(NoticeDelivery.notice_id.in_(list(notice_ids)))):
        found[one.notice_id].append(one)
    return found


async def _filled(db: Db, rows: Sequence[Any]) -> list[NoticeRow]:
    ways: dict[Id, list[DeliveryRow]] = defaultdict(list)
    ids = [notice.id for notice, _ in rows]
    for one in await db.scalars(select(NoticeDelivery).where(NoticeDelivery.notice_id.in_(ids))):
        way = DeliveryRow(channel=one.channel, status=one.status, reason=one.reason, sent_at=one.sent_at)
        ways[one.notice_id].append(way)
    return [_row(notice, actor, ways[notice.id]) for notice, actor in rows]


def _row(notice: Notice, actor: AppUser | None, ways: list[DeliveryRow]) -> NoticeRow:
    due_at, told = notice.data.get("due_at"), notice.data.get("figures")
    day = msgspec.convert(told, DayFigures) if told else None
    return NoticeRow(
        id=notice.id,
        kind=notice.kind,
        title=rules.TITLES[notice.kind],
        lead_id=notice.lead_id,
        ref=notice.data.get("ref"),
        car=notice.data.get("car"),
        about=notice.data.get("about"),
        says=notice.data.get("says"),
        deadline=notice.data.get("deadline"),
        due_at=msgspec.convert(due_at, datetime) if due_at else None,
        day=day.day if day else None,
        figures=[FigureLine(*line) for line in rules.figure_lines(day, notice.data["branch"])] if day else [],
        actor_name=actor.name if actor else None,
        url=notice.data.get("url") or (f"/desk/inbox/{notice.lead_id}" if notice.lead_id else "/desk/notices"),
        created_at=notice.created_at,
        show_at=notice.show_at,
        shown_at=notice.shown_at,
        read_at=notice.read_at,
        dropped_as=notice.dropped_as,
        unread=notice.shown_at is not None and notice.read_at is None,
        waits=notice.shown_at is None and notice.dropped_as is None,
        deliveries=sorted(ways, key=lambda way: rules.CHANNELS.index(way.channel)),
    )
