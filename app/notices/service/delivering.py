"""A notice reaches its person, and the ways it goes out by."""

from collections.abc import Iterable
from datetime import datetime

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.notices import queries, rules
from app.notices.facts import NoticeDelivered, NoticeDropped, NoticeDue, NoticeMade
from app.notices.models import Notice, NoticeDelivery


def show(db: Db, notice: Notice, ways: Iterable[NoticeDelivery], at: datetime) -> None:
    """From here on it counts as unread, and rings at an open desk."""
    notice.shown_at = at
    record(db, NoticeMade(org_id=notice.org_id, id=notice.id, person_id=notice.person_id))
    for one in ways:
        one.status = "sending"
        record(db, NoticeDue(org_id=notice.org_id, id=one.id, person_id=notice.person_id))


def drop(db: Db, notice: Notice, ways: Iterable[NoticeDelivery], reason: str) -> None:
    """It is never told; the list says why."""
    notice.dropped_as = reason
    for one in ways:
        one.status, one.reason = "off", reason
    fact = NoticeDropped(org_id=notice.org_id, id=notice.id, person_id=notice.person_id)
    record(db, fact, changed={"dropped_as": (None, reason)})


async def called_off(db: Db, delivery_id: Id) -> bool:
    """Whether it was a warning of what is no longer near."""
    one, notice = await queries.delivery_for_change(db, delivery_id)
    if notice.kind != rules.WARNED or notice.clock_id is None:
        return False
    clocks = await queries.clocks(db, [notice.clock_id])
    reason = rules.overtaken(notice.kind, clocks.get(notice.clock_id))
    if reason:
        _note(db, one, notice, "off", reason)
    return reason is not None


async def note_delivery(db: Db, delivery_id: Id, status: str, reason: str | None = None) -> None:
    """Once: what was sent stays sent."""
    one, notice = await queries.delivery_for_change(db, delivery_id)
    if one.status not in (status, "sent"):
        _note(db, one, notice, status, reason)


def _note(db: Db, one: NoticeDelivery, notice: Notice, status: str, reason: str | None) -> None:
    before, one.status, one.reason = one.status, status, reason
    one.sent_at = clock.now() if status == "sent" else None
    fact = NoticeDelivered(org_id=notice.org_id, id=notice.id, person_id=notice.person_id)
    record(db, fact, changed={one.channel: (before, status)})
