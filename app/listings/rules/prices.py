"""Why a price changed, and which changes buyers are told of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

REASONS = ("market", "aged", "offer", "negotiated", "costs", "correction")
"""What people choose from; others are said by what happened: created, changed, bulk, undone, import."""

LOWEST_OF = timedelta(days=30)
"""A drop is one from the lowest price of this time: raising a price first makes no drop."""


class Asked(NamedTuple):
    """What a car asked from a moment on; None is "call for price"."""

    price: int | None
    at: datetime


class Drop(NamedTuple):
    price: int
    was: int
    at: datetime


def drops(history: Sequence[Asked], since: datetime) -> list[Drop]:
    """What buyers may be told, the latest first: drops since the car is on the market that still stand.

    `history` has the earliest first. A drop stands until the car asks more than that again.
    """
    shown = [one._replace(at=max(one.at, since)) for one in history]
    found = list[Drop]()
    for place, (price, at) in enumerate(shown):
        before = _lowest(shown[:place], at)
        later = [one.price for one in shown[place + 1 :]]
        if price is None or before is None or price >= before or at <= since:
            continue
        if all(one is not None and one <= price for one in later):
            found.append(Drop(price, before, at))
    return found[::-1]


def _lowest(earlier: Sequence[Asked], at: datetime) -> int | None:
    """What was asked least in the time before `at`; the last of them held until then."""
    ends = [*(one.at for one in earlier[1:]), at]
    held = [one.price for one, end in zip(earlier, ends, strict=False) if end > at - LOWEST_OF and end > one.at]
    return min((price for price in held if price is not None), default=None)
