"""Our cars as they are printed."""

from collections.abc import Sequence

from app.core.base import Db
from app.core.ids import Id
from app.listings import rules
from app.listings.models import Listing
from app.listings.queries.cards import made, reading
from app.listings.schemas import PrintedCar
from app.orgs.models import StorefrontBranch

_PRINTED = {
    "stock_number": Listing.stock_number,
    "visibility": Listing.visibility,
    "channel": Listing.channel,
    "own_phone": Listing.contact_phone_masked,
    "branch_phone": StorefrontBranch.phone_masked,
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
            phone_masked=row.own_phone or row.branch_phone,
            public=row.status in rules.OPEN and rules.visible("anonymous", row.visibility, row.channel, row.status),
            photo=None,
        )
        for row in found
    }
    return [cars[id_] for id_ in dict.fromkeys(ids) if id_ in cars]
