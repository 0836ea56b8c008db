"""A body's figures made into shells: the lower body, and the glass house on it."""

import math

from app.adapters.drawings.bodies import Body
from app.adapters.drawings.shells import Level, Shell
from app.adapters.drawings.space import Point, curve

SHARES = (0.0, 0.06, 0.14, 0.24, 0.36, 0.5, 0.62, 0.72, 0.8, 0.87, 0.93, 0.97, 1.0)
GLASS_SHARES = (0.0, 0.12, 0.26, 0.42, 0.58, 0.74, 0.86, 0.93, 0.97, 1.0)


class Shapes:
    """What a car is made of, before anything is painted."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.lower = _lower(body)
        self.glass = _glass(body)

    def top(self, x: float) -> float:
        return curve(self.body.shoulder, x)

    def bottom(self, x: float) -> float:
        return bottom(self.body, x)

    def share(self, x: float, z: float) -> float:
        """The share of the lower body's height that `z` is."""
        low, high = self.bottom(x), self.top(x)
        return max(0.0, min(1.0, (z - low) / (high - low)))

    def side(self, x: float, z: float, side: int = 1) -> Point:
        """The point of the lower body's side there."""
        share = self.share(x, z)
        return self.lower.at(self.lower.place(x, share), share, side)

    def arch(self, x: float, by: float, side: int, steps: int = 40) -> list[Point]:
        """The opening around a wheel, `by` times as large as it."""
        radius = self.body.wheel * by
        found: list[Point] = []
        for n in range(steps + 1):
            angle = math.pi * (-0.16 + 1.32 * n / steps)
            there, z = x + radius * math.cos(angle), self.body.wheel + radius * math.sin(angle)
            found.append(self.side(there, max(z, self.bottom(there)), side))
        return found


def bottom(body: Body, x: float) -> float:
    """The lower edge: a little higher before the front wheels and behind the rear ones."""
    half = body.length / 2
    knots = (
        (-half, body.clearance + 0.1), (-half + 0.7, body.clearance), (half - 0.7, body.clearance),
        (half, body.clearance + 0.06),
    )  # fmt: skip
    return curve(knots, x)


def _lower(body: Body) -> Shell:
    half, wide = body.length / 2, body.width / 2
    levels = (
        (0.0, Level(-half + 0.12, half - 0.13, wide - 0.085)),
        (0.14, Level(-half + 0.03, half - 0.03, wide - 0.03)),
        (0.4, Level(-half, half, wide)),
        (0.68, Level(-half + 0.01, half - 0.03, wide - 0.008)),
        (0.86, Level(-half + 0.03, half - 0.09, wide - 0.03)),
        (0.95, Level(-half + 0.06, half - 0.14, wide - 0.06)),
        (1.0, Level(-half + 0.11, half - 0.21, wide - 0.105)),
    )
    return Shell(
        levels, lambda x: bottom(body, x), lambda x: curve(body.shoulder, x), round_nose=body.nose, round_tail=body.tail
    )


def _glass(body: Body) -> Shell:
    (tail, nose), (back, front) = body.cabin, body.crown
    foot = body.width / 2 - 0.1

    def level(t: float, bulge: float, inset: float = 0.0) -> Level:
        half = foot + (body.roof_half - foot) * t
        return Level(tail + (back - tail) * t + inset - bulge, nose + (front - nose) * t - inset + bulge, half + bulge)

    levels = (
        (0.0, level(0.0, 0.0)), (0.25, level(0.25, 0.02)), (0.5, level(0.5, 0.032)), (0.72, level(0.72, 0.03)),
        (0.88, level(0.88, 0.012)), (0.96, level(0.96, -0.02, 0.015)), (1.0, level(1.0, -0.06, 0.1)),
    )  # fmt: skip
    edge = body.height - 0.025
    roof = ((back + 0.1, edge - body.fall), (0.42 * back + 0.58 * front, edge), (front - 0.1, edge - 0.02))
    return Shell(
        levels, lambda x: curve(body.shoulder, x) - 0.02, lambda x: curve(roof, x), round_nose=body.glass_nose,
        round_tail=body.glass_tail,
    )  # fmt: skip
