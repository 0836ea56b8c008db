"""How a listing goes on and off the market: published, taken back, reserved, sold, put away, deleted."""

from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.core.base import Db
from app.core.events import Fact, record
from app.core.ids import Id
from app.core.security import Principal
from app.listings import queries, rules
from app.listings.errors import MoveNotAllowed, NotComplete
from app.listings.facts import (
    ListingArchived,
    ListingExpired,
    ListingPublished,
    ListingReserved,
    ListingSold,
    ListingUnpublished,
)
from app.listings.models import Listing
from app.listings.service.indexing import index
from app.listings.service.locking import locked

PRIVATE_FOR = timedelta(days=30)
"""A private seller's car stays this long; a dealer's until its dealer takes it away."""


async def publish_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Live at once for a dealer, to be looked at for a private seller. What is published already stays as it is.

    Raises ListingGone, OtherBranch, Stale, NotComplete, MoveNotAllowed.
    """
    listing = await locked(db, who, listing_id, version)
    after = rules.PUBLISHED_AS[who.org_kind]
    if listing.status in (after, "live"):
        return
    missing = rules.missing_for_sale(listing)
    if missing:
        raise NotComplete(errors=[{"field": name, "message": "This field is needed."} for name in missing])
    now = clock.now()
    dates: dict[str, datetime | None] = {"published_at": listing.published_at or now, "refreshed_at": now}
    if who.org_kind == "person":
        dates["expires_at"] = now + PRIVATE_FOR
    await _move(db, listing, after, ListingPublished, doubt=None, **dates)


async def unpublish_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Back to a draft, out of sight. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "draft":
        await _move(db, listing, "draft", ListingUnpublished, published_at=None)


async def reserve_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Still in sight, no longer in searches. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "reserved":
        await _move(db, listing, "reserved", ListingReserved)


async def release_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """The reservation or the sale came to nothing. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status not in ("reserved", "sold"):
        raise MoveNotAllowed
    await _move(db, listing, "live", ListingPublished, sold_at=None)


async def sell_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "sold":
        await _move(db, listing, "sold", ListingSold, sold_at=clock.now())


async def archive_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Put away. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "archived":
        await _move(db, listing, "archived", ListingArchived)


async def expire_listing(db: Db, listing_id: Id) -> None:
    """Its time is up: off the market, to be published again. Raises ListingGone."""
    listing = await queries.for_change(db, listing_id)
    await _move(db, listing, "expired", ListingExpired)


async def delete_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Gone from every list and page; what happened to it stays on record. Raises ListingGone, OtherBranch, Stale."""
    listing = await locked(db, who, listing_id, version)
    before, listing.status, listing.deleted_at = listing.status, "archived", clock.now()
    listing.version += 1
    await index(db, listing)
    record(
        db,
        ListingArchived(org_id=listing.org_id, id=listing.id, branch_id=listing.branch_id),
        changed={"status": (before, "archived"), "deleted_at": (None, listing.deleted_at)},
    )


async def _move(db: Db, listing: Listing, after: str, fact: type[Fact], **more: Any) -> None:
    if not rules.may_move(listing.status, after):
        raise MoveNotAllowed(status_now=listing.status)
    before, listing.status = listing.status, after
    for name, value in more.items():
        setattr(listing, name, value)
    listing.version += 1
    await index(db, listing)
    about = fact(org_id=listing.org_id, id=listing.id, branch_id=listing.branch_id)
    record(db, about, changed={"status": (before, after)})
