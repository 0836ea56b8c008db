"""How a listing goes on and off the market: published, taken back, reserved, sold, put away, deleted."""

from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.core.base import Db
from app.core.events import Fact, record
from app.core.ids import Id
from app.core.security import Principal
from app.listings import queries, rules
from app.listings.errors import MoveNotAllowed, NotComplete, RefreshedToday
from app.listings.facts import (
    ListingArchived,
    ListingExpired,
    ListingPublished,
    ListingRefreshed,
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
    if listing.status not in (after, "live"):
        await _move(db, listing, after, ListingPublished)


async def unpublish_listing(
    db: Db, who: Principal, listing_id: Id, *, version: int | None = None, reason: str | None = None
) -> None:
    """Back to a draft, out of sight. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "draft":
        await _move(db, listing, "draft", ListingUnpublished, reason=reason)


async def reserve_listing(
    db: Db, who: Principal, listing_id: Id, *, version: int | None = None, reason: str | None = None
) -> None:
    """Still in sight, no longer in searches. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "reserved":
        await _move(db, listing, "reserved", ListingReserved, reason=reason)


async def release_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """The reservation or the sale came to nothing. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status not in ("reserved", "sold"):
        raise MoveNotAllowed
    await _move(db, listing, "live", ListingPublished)


async def sell_listing(
    db: Db,
    who: Principal,
    listing_id: Id,
    *,
    version: int | None = None,
    reason: str | None = None,
    sold_price: int | None = None,
) -> None:
    """`sold_price`: what it really went for, where somebody says.

    Raises ListingGone, OtherBranch, Stale, MoveNotAllowed.
    """
    listing = await locked(db, who, listing_id, version)
    if listing.status != "sold":
        await _move(db, listing, "sold", ListingSold, reason=reason, sold_price=sold_price)


async def archive_listing(
    db: Db, who: Principal, listing_id: Id, *, version: int | None = None, reason: str | None = None
) -> None:
    """Put away. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed."""
    listing = await locked(db, who, listing_id, version)
    if listing.status != "archived":
        await _move(db, listing, "archived", ListingArchived, reason=reason)


async def expire_listing(db: Db, listing_id: Id) -> None:
    """Its time is up: off the market, to be published again. Raises ListingGone."""
    listing = await queries.for_change(db, listing_id)
    await _move(db, listing, "expired", ListingExpired)


async def refresh_listing(db: Db, who: Principal, listing_id: Id, *, version: int | None = None) -> None:
    """Among the newest again, once a day. Raises ListingGone, OtherBranch, Stale, MoveNotAllowed, RefreshedToday."""
    listing = await locked(db, who, listing_id, version)
    before = listing.refreshed_at
    for name, value in refreshed(listing, clock.now()).items():
        setattr(listing, name, value)
    listing.version += 1
    await index(db, listing)
    fact = ListingRefreshed(org_id=listing.org_id, id=listing.id, branch_id=listing.branch_id)
    record(db, fact, changed={"refreshed_at": (before, listing.refreshed_at)})


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


def moved(listing: Any, after: str, now: datetime, *, reason: str | None = None) -> dict[str, Any]:
    """The fields of a listing that goes to state `after`. Raises MoveNotAllowed, NotComplete."""
    if not rules.may_move(listing.status, after):
        raise MoveNotAllowed(status_now=listing.status)
    changes: dict[str, Any] = {"status": after, "status_reason": reason}
    match after:
        case "live" if listing.status in ("reserved", "sold"):
            changes |= {"sold_at": None, "sold_price": None}
        case "live" | "pending":
            changes |= _published(listing, now)
        case "draft":
            changes |= {"published_at": None, "sold_at": None, "sold_price": None}
        case "sold":
            changes |= {"sold_at": now}
    return changes


def refreshed(listing: Any, now: datetime) -> dict[str, Any]:
    """The fields of a listing that is put up afresh. Raises MoveNotAllowed, RefreshedToday."""
    if listing.status != "live":
        raise MoveNotAllowed(status_now=listing.status)
    last = listing.refreshed_at or listing.published_at
    if last is not None and now - last < rules.REFRESH_EVERY:
        raise RefreshedToday(next_at=(last + rules.REFRESH_EVERY).isoformat())
    return {"refreshed_at": now} | ({} if listing.branch_id is not None else {"expires_at": now + PRIVATE_FOR})


def _published(listing: Any, now: datetime) -> dict[str, Any]:
    missing = rules.missing_for_sale(listing)
    if missing:
        raise NotComplete(errors=[{"field": name, "message": "This field is needed."} for name in missing])
    dates = {"doubt": None, "published_at": listing.published_at or now, "refreshed_at": now}
    return dates if listing.branch_id is not None else {**dates, "expires_at": now + PRIVATE_FOR}


async def _move(
    db: Db, listing: Listing, after: str, fact: type[Fact], *, reason: str | None = None, **more: Any
) -> None:
    before, why = listing.status, listing.status_reason
    for name, value in (moved(listing, after, clock.now(), reason=reason) | more).items():
        setattr(listing, name, value)
    listing.version += 1
    await index(db, listing)
    changed = {"status": (before, after)} | ({"status_reason": (why, reason)} if why or reason else {})
    record(db, fact(org_id=listing.org_id, id=listing.id, branch_id=listing.branch_id), changed=changed)
