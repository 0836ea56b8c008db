"""Closed shells of a car: outlines stacked from bottom to top, each rounded at nose and tail."""

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from app.adapters.drawings.space import Point, curve, mix

Knots = Sequence[tuple[float, float]]
# Places around an outline: 0 the middle of the nose, 1 the end of its curve, 2 the start of the tail's, 3 its middle.
AROUND = [*(n / 26 for n in range(26)), *(1 + n / 34 for n in range(34)), *(2 + n / 24 for n in range(25))]


class Level(Struct, frozen=True):
    """One outline: from `tail` to `nose` along the car, `half` wide to each side."""

    tail: float
    nose: float
    half: float


class Shell:
    """`levels` by their share of the height; `bottom` and `top` tell the height at a place along the car.

    `round_nose` and `round_tail`: how long the curves at the ends are, and how square.
    """

    def __init__(
        self,
        levels: Sequence[tuple[float, Level]],
        bottom: Callable[[float], float],
        top: Callable[[float], float],
        round_nose: tuple[float, float],
        round_tail: tuple[float, float],
    ) -> None:
        self._tail = [(share, level.tail) for share, level in levels]
        self._nose = [(share, level.nose) for share, level in levels]
        self._half = [(share, level.half) for share, level in levels]
        self._bottom, self._top = bottom, top
        self._round_nose, self._round_tail = round_nose, round_tail

    def at(self, place: float, share: float, side: int = 1) -> Point:
        """The point at `place` around the outline (on the car's left; `side` -1: right), at a share of the height."""
        tail, nose, half = curve(self._tail, share), curve(self._nose, share), curve(self._half, share)
        (front, front_p), (back, back_p) = self._round_nose, self._round_tail
        if place <= 1:
            angle = place * math.pi / 2
            x = nose - front + front * math.cos(angle) ** (2 / front_p)
            y = half * math.sin(angle) ** (2 / front_p)
        elif place <= 2:
            x = nose - front + (place - 1) * (tail + back - nose + front)
            y = half
        else:
            angle = (3 - place) * math.pi / 2
            x = tail + back - back * max(0.0, math.cos(angle)) ** (2 / back_p)
            y = half * math.sin(angle) ** (2 / back_p)
        middle, reach = (nose + tail) / 2, (nose - tail) / 2
        y *= 1 - 0.03 * ((x - middle) / reach) ** 2
        low, high = self._bottom(x), self._top(x)
        return x, side * y, low + (high - low) * share

    def place(self, x: float, share: float) -> float:
        """Where around the outline a place along the car is: on its straight side, or on the curves."""
        low, high = 0.0, 3.0
        for _ in range(24):
            middle = (low + high) / 2
            if self.at(middle, share)[0] > x:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def grid(self, shares: Sequence[float], around: Sequence[float] = AROUND) -> list[list[Point]]:
        """Rows of points from bottom to top, each from the middle of the nose over the left to it again."""
        rows = []
        for share in shares:
            left = [self.at(place, share) for place in around]
            rows.append([*left, *((x, -y, z) for x, y, z in reversed(left[:-1]))])
        return rows

    def lid(self, share: float, crown: float, across: int = 14) -> list[list[Point]]:
        """What closes the shell from side to side at that height, a little higher in the middle."""
        rows = []
        for place in AROUND:
            left = self.at(place, share)
            right = (left[0], -left[1], left[2])
            rise = math.sin(math.pi / 2 * min(1.0, place / 1.4, (3 - place) / 1.4))
            row = []
            for n in range(across + 1):
                t = n / across
                x, y, z = mix(right, left, t)
                row.append((x, y, z + crown * (1 - (2 * t - 1) ** 2) * rise))
            rows.append(row)
        return rows

    def patch(self, places: tuple[float, float], shares: tuple[float, float], side: int = 1, *, across: int = 12,
              up: int = 6, slant: float = 0.0) -> list[list[Point]]:  # fmt: skip
        """A part of the shell between two places and two shares; `slant`: how far its upper edge is shifted along."""
        rows = []
        for j in range(up + 1):
            t = j / up
            share = shares[0] + (shares[1] - shares[0]) * t
            rows.append(
                [self.at(places[0] + (places[1] - places[0]) * n / across + slant * t, share, side)
                 for n in range(across + 1)]
            )  # fmt: skip
        return rows
