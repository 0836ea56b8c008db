"""The order of relevance: text × freshness × quality, and what was paid for.

Freshness halves every fortnight, so the logarithm of the product is a time: a car stands as high as a perfect one that
came a while earlier. Two cars therefore keep their order as they age, and the stored part never needs a refresh.
"""

import math
from datetime import UTC, datetime, timedelta

HALVES_IN = timedelta(days=14)
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_PLAIN = 20
"""Even a car that says nothing of itself counts for something."""

IN_TITLE, IN_FACTS, IN_TEXT = 1.0, 0.5, 0.2
"""How much it counts where all the words are: what the car is called, what it says in fields, its description."""


def score(*, text: float, age: timedelta, quality: int, boost: float = 1.0) -> float:
    """The formula itself, of a car of this age: more is earlier in the list."""
    return text * math.pow(0.5, age / HALVES_IN) * (_PLAIN + quality) / (_PLAIN + 100) * boost


def rank(fresh_at: datetime, quality: int, boost: float = 1.0) -> int:
    """The part of the score that is the car's own, as seconds since 2020; it orders as the score does at any time."""
    return round((fresh_at - _SINCE).total_seconds()) + _seconds((_PLAIN + quality) / (_PLAIN + 100) * boost)


def lift(text: float) -> int:
    """What the words add to `rank`, in seconds; nothing is all that can be had."""
    return _seconds(text)


def _seconds(factor: float) -> int:
    return round(HALVES_IN.total_seconds() * math.log2(factor))
