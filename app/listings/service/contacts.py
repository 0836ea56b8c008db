"""What a private seller's cars show of the seller's number: no more than its mask, which follows the person."""

from app.accounts import queries as accounts
from app.core.base import Db
from app.core.errors import NotFound
from app.core.events import HIDDEN, record
from app.core.ids import Id
from app.listings import queries, rules
from app.listings.facts import ListingChanged


async def masked_phone_of(db: Db, seller_id: Id) -> str | None:
    """Nothing of who has told no number, or has left."""
    try:
        return rules.masked_phone((await accounts.person(db, seller_id)).phone)
    except NotFound:
        return None


async def follow_seller(db: Db, seller_id: Id) -> None:
    """The seller's cars in the org in scope show the number that is the seller's now."""
    phone = await masked_phone_of(db, seller_id)
    for listing in await queries.offered_by_for_change(db, seller_id):
        if listing.contact_phone_masked != phone:
            listing.contact_phone_masked = phone
            listing.version += 1
            fact = ListingChanged(org_id=listing.org_id, id=listing.id, branch_id=listing.branch_id)
            record(db, fact, changed={"contact_phone_masked": (HIDDEN, HIDDEN)})
