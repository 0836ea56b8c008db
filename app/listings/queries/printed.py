"""Our cars as they are printed."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.base import Db
from app.core.ids import Id
from app.listings import rules
from app.listings.models import Listing
from app.listings.queries.cards import made, reading
from app.listings.schemas import PrintedCar
from app.orgs.models import Branch, StorefrontBranch

_NUMBER = (
    select(Branch.phone)
    .where(Branch.org_id == Listing.org_id, Branch.phone.is_not(None), Branch.archived_at.is_(None))
    .order_by((Branch.id == Listing.branch_id).desc(), Branch.created_at, Branch.id)
    .limit(1)
    .correlate(Listing)
    .scalar_subquery()
)
"""Of its branch, else of the org's first branch that has one."""
_PRINTED = {
    "stock_number": Listing.stock_number,
    "visibility": Listing.visibility,
    "channel": Listing.channel,
    "phone": _NUMBER,
    "branch_city": StorefrontBranch.city,
    "branch_address": StorefrontBranch.address,
}


async def printed(db: Db, ids: Sequence[Id]) -> list[PrintedCar]:
    """Those of them that are ours, in the order asked for."""
    found = await db.execute(reading(_PRINTED).where(Listing.id.in_(ids), Listing.org_id == db.scope.org_id))
    cars = {
        row.id: made(
            PrintedCar,
            row,
            public=row.status in rules.OPEN and rules.visible("anonymous", row.visibility, row.channel, row.status),
            photo=None,
        )
        for row in found
    }
    return [cars[id_] for id_ in dict.fromkeys(ids) if id_ in cars]
