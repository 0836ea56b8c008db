"""Cars that seem to be in stock twice, and somebody's word that they are not the same."""

from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.listings import queries
from app.listings.facts import ListingsParted
from app.listings.models import ListingPair
from app.listings.service.locking import mine


async def part_listings(db: Db, who: Principal, listing_id: Id, *, other_id: Id) -> None:
    """They are two cars: nobody is asked about the pair again. Again changes nothing.

    Raises ListingGone, OtherBranch, Invalid.
    """
    if listing_id == other_id:
        raise Invalid([{"field": "other_id", "message": _("This does not look right.")}])
    car, other = await queries.row(db, listing_id), await queries.row(db, other_id)
    mine(who, car.branch_id)
    first_id, second_id = sorted((car.id, other.id))
    pair = insert(ListingPair).values(
        org_id=who.org_id, first_id=first_id, second_id=second_id, parted_by=who.person_id, parted_at=clock.now()
    )
    made = await db.execute(pair.on_conflict_do_nothing().returning(ListingPair.first_id))
    if made.first() is not None:
        fact = ListingsParted(org_id=who.org_id, id=car.id, branch_id=car.branch_id)
        record(db, fact, changed={"same_as": (str(other.id), None)})
