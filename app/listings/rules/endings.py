"""How a car leaves the market for those who still have its address."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

SHOWN_FOR = timedelta(days=30)


class Ending(Struct, frozen=True):
    """`shown`: its page still says what became of it; afterwards it is gone for good."""

    why: str
    at: datetime
    shown: bool


def ending(listing: Any, now: datetime) -> Ending | None:
    """None of what is on the market, was never there, or waits to come back."""
    public = (listing.visibility, listing.channel) == ("public", "automart")
    if not public or listing.published_at is None:
        return None
    if listing.deleted_at is not None:
        return Ending("removed", listing.deleted_at, shown=False)
    match listing.status:
        case "sold":
            return _for_a_while("sold", listing.sold_at or listing.changed_at, now)
        case "expired":
            return _for_a_while("expired", listing.expires_at or listing.changed_at, now)
        case "archived" | "rejected":
            return Ending("removed", listing.changed_at, shown=False)
    return None


def _for_a_while(why: str, at: datetime, now: datetime) -> Ending:
    return Ending(why, at, shown=now - at < SHOWN_FOR)
