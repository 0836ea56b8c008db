"""How a listing moves from state to state, and what it needs before anybody may see it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

OPEN = ("live", "reserved")
"""States in which somebody can still ask about the car."""

MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"pending", "live", "archived"}),
    "pending": frozenset({"draft", "live", "rejected", "archived"}),
    "live": frozenset({"draft", "reserved", "sold", "expired", "rejected", "archived"}),
    "reserved": frozenset({"live", "sold", "draft", "archived"}),
    "sold": frozenset({"live", "archived"}),
    "expired": frozenset({"live", "pending", "draft", "archived"}),
    "rejected": frozenset({"draft", "pending", "archived"}),
    "archived": frozenset({"draft"}),
}

# A dealer's car goes live at once; a private seller's is looked at first.
PUBLISHED_AS = {"dealer": "live", "platform": "live", "person": "pending"}

REFRESH_EVERY = timedelta(hours=24)

_NEEDED = ("make_id", "model_id", "year", "odometer_km", "location_id")


def may_move(before: str, after: str) -> bool:
    return after in MOVES.get(before, ())


def missing_for_sale(listing: Any) -> list[str]:
    """Fields without which the listing stays a draft, as the forms name them."""
    names = {"make_id": "make", "model_id": "model", "location_id": "city"}
    return [names.get(name, name) for name in _NEEDED if getattr(listing, name) is None]


def quality(listing: Any) -> int:
    """0 to 100: how much the listing tells, 70 in words and 30 in photos."""
    told = (
        (listing.asking_price, 20),
        (listing.trim_id, 7),
        (listing.odometer_km is not None, 7),
        (listing.engine_cc, 4),
        (listing.transmission, 7),
        (listing.colour, 4),
        (listing.registered_in, 7),
    )
    words = min(14, len(listing.description) // 14)
    return sum(points for value, points in told if value) + words + (listing.photo_score or 0)
