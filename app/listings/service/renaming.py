"""Cars whose make, model or place is called otherwise now: their orgs hear of it, what searches read follows."""

from sqlalchemy import select, update

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.listings.facts import StockRenamed
from app.listings.models import Listing
from app.listings.service.reindexing import named
from app.taxonomy.models import FormerName

_MANY = 100


async def tell_renamed(db: Db) -> int:
    """Tell every org with cars of what was renamed since the last time; how many renamings there were. Needs a system
    session: who renames knows no org."""
    unfollowed = select(FormerName.id, FormerName.target_id).where(FormerName.followed_at.is_(None))
    found = (await db.execute(unfollowed.order_by(FormerName.id).limit(_MANY).with_for_update(skip_locked=True))).all()
    for target in dict.fromkeys(row.target_id for row in found):
        for org_id in await db.scalars(select(Listing.org_id).where(named(target)).distinct()):
            record(db, StockRenamed(org_id=org_id, id=target))
    done = update(FormerName).where(FormerName.id.in_([row.id for row in found]))
    await db.execute(done.values(followed_at=clock.now()))
    return len(found)
