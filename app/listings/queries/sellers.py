"""What a person offers without any dealer."""

from sqlalchemy import select

from app.core.base import Db
from app.core.ids import Id
from app.listings.models import Listing


async def offered_by_for_change(db: Db, seller_id: Id) -> list[Listing]:
    """What this person offers in the org in scope, locked; none that stands in a branch."""
    found = await db.scalars(
        select(Listing)
        .where(
            Listing.seller_id == seller_id,
            Listing.org_id == db.scope.org_id,
            Listing.branch_id.is_(None),
            Listing.deleted_at.is_(None),
        )
        .order_by(Listing.id)
        .with_for_update()
    )
    return list(found)
