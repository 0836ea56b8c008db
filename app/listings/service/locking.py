"""What every change begins with: the listing locked, of the member's branch, as it was when they looked."""

from msgspec import UnsetType

from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal
from app.listings import queries
from app.listings.errors import OtherBranch, Stale
from app.listings.models import Listing


async def locked(db: Db, who: Principal, listing_id: Id, version: int | UnsetType | None) -> Listing:
    """Raises ListingGone, OtherBranch, Stale."""
    listing = await queries.for_change(db, listing_id)
    mine(who, listing.branch_id)
    if isinstance(version, int) and version != listing.version:
        raise Stale(version_now=listing.version)
    return listing


def mine(who: Principal, branch_id: Id | None) -> None:
    """Members of one branch change its stock only. Raises OtherBranch."""
    if who.branch_id is not None and branch_id != who.branch_id:
        raise OtherBranch
