"""What every list of an org needs: its signed cursors and the feed position it was read at."""

from sqlalchemy import select

from app.core import settings
from app.core.base import Db
from app.core.feed_tables import Feed
from app.core.paging import Cursors


def cursors(db: Db, list_name: str) -> Cursors:
    """Of the org in scope: a cursor of another org is a missing one."""
    return Cursors(settings.current().secret_key, list_name, db.scope.org_id)


async def position(db: Db) -> str | None:
    """Where the org's feed stands in this snapshot, EPOCH:SEQ; call it before reading rows."""
    row = (await db.execute(select(Feed.epoch, Feed.seq).where(Feed.org_id == db.scope.org_id))).one_or_none()
    return f"{row.epoch}:{row.seq}" if row else None
