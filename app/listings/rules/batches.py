"""What a change of many cars means for the price of one."""

from datetime import timedelta

STEP = 1_000
"""Prices worked out from a percentage end in whole thousands, as people ask them."""

CHUNK = 100
"""Cars of one fact, and of one locked step."""

UNDO_WITHIN = timedelta(hours=24)
MOST = 2_000


def by_percent(price: int, percent: float) -> int:
    """Up or down, to the nearest thousand; what is cheap keeps every rupee."""
    tenths = round(percent * 10)
    worked = price * (1000 + tenths)
    step = STEP if price >= 50 * STEP else 1
    return max(1, (worked + 500 * step) // (1000 * step) * step)


def by_amount(price: int, amount: int) -> int | None:
    """None where nothing would be left."""
    return price + amount if price + amount >= 1 else None


def chunks(count: int) -> list[range]:
    return [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
