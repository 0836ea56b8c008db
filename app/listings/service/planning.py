"""What an action on many cars asks of one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.core import clock
from app.core.errors import Invalid
from app.core.ids import Id, new_id
from app.listings import rules
from app.listings.errors import NoPrice
from app.listings.models import Listing, ListingPrice
from app.listings.schemas import BatchAction
from app.listings.service.moves import moved, refreshed

_NEEDS = {
    "price_percent": "percent", "price_amount": "amount", "price": "price", "branch": "branch",
    "visibility": "visibility", "channel": "channel", "feeds": "in_feeds", "status": "status",
}  # fmt: skip
_RIGHTS = {
    "live": "listing.publish", "draft": "listing.publish", "reserved": "listing.sell", "sold": "listing.sell",
    "archived": "listing.archive",
}  # fmt: skip


def right_for(action: BatchAction) -> str:
    """What a role must be allowed for it."""
    if action.kind == "refresh":
        return "listing.publish"
    return _RIGHTS[action.status] if action.kind == "status" and action.status else "listing.change"


def complete(action: BatchAction) -> None:
    """Raises Invalid for an action without what it needs, or that changes nothing."""
    needed = _NEEDS.get(action.kind)
    if needed is None:
        return
    given = getattr(action, needed)
    if not given and given is not False:
        raise Invalid([{"field": needed, "message": "This field is needed."}])


def planned(listing: Listing, action: BatchAction, branch_id: Id | None, now: datetime) -> dict[str, Any]:
    """The fields that change, with what they become; empty where all is so already. Raises Refused."""
    wished = _wished(listing, action, branch_id, now)
    return wished if any(getattr(listing, name) != value for name, value in wished.items()) else {}


def _wished(listing: Listing, action: BatchAction, branch_id: Id | None, now: datetime) -> dict[str, Any]:
    match action.kind:
        case "price_percent" | "price_amount":
            return {"asking_price": _repriced(listing.asking_price, action)}
        case "price":
            return {"asking_price": action.price}
        case "branch":
            return {"branch_id": branch_id}
        case "visibility":
            return {"visibility": action.visibility}
        case "channel":
            return {"channel": action.channel}
        case "feeds":
            return {"in_feeds": action.in_feeds}
        case "refresh":
            return refreshed(listing, now)
        case "status" if action.status is not None and action.status != listing.status:
            return moved(listing, action.status, now, reason=action.reason)
    return {}


def _repriced(price: int | None, action: BatchAction) -> int:
    if price is None:
        raise NoPrice
    after = rules.by_percent(price, action.percent or 0)
    if action.kind == "price_amount":
        after = rules.by_amount(price, action.amount or 0) or 0
    if not 1 <= after <= 9_999_999_999:
        raise NoPrice
    return after


def price_rows(listings: Sequence[Listing], reason: str) -> list[ListingPrice]:
    """What they ask from now on, for the history."""
    now = clock.now()
    return [
        ListingPrice(
            id=new_id(), org_id=one.org_id, listing_id=one.id, price=one.asking_price, at=now, reason=reason
        )
        for one in listings
    ]  # fmt: skip
