"""A person has seen what they were told."""

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.core.security import Principal
from app.notices import queries
from app.notices.facts import NoticeRead, NoticesRead


async def read(db: Db, who: Principal, notice_id: Id) -> None:
    """One that still waits need not ring any more. Raises NotFound."""
    notice = await queries.notice_for_change(db, notice_id, who.person_id)
    if notice.read_at is None:
        notice.read_at = clock.now()
        record(db, NoticeRead(org_id=notice.org_id, id=notice.id, person_id=who.person_id))


async def read_all(db: Db, who: Principal) -> int:
    """How many there were."""
    found = await queries.unread_for_change(db, who.person_id)
    for notice in found:
        notice.read_at = clock.now()
    if found:
        record(db, NoticesRead(org_id=who.org_id, id=who.person_id, person_id=who.person_id))
    return len(found)
