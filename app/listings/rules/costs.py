"""What is left of a price."""

from typing import NamedTuple


class Margin(NamedTuple):
    """`percent` is of the price, in tenths."""

    rupees: int
    percent: float


def margin(price: int | None, costs: int) -> Margin | None:
    """None where there is no price, or nothing is known of the costs."""
    if price is None or not costs:
        return None
    left = price - costs
    return Margin(left, round(left * 100 / price, 1))
