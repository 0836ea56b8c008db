"""Points, and the eye that looks at them. Metres: x to the front of the car, y to its left, z up."""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

Point = tuple[float, float, float]
Spot = tuple[float, float]


def sub(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def mix(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


def unit(a: Point) -> Point:
    length = math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) or 1.0
    return a[0] / length, a[1] / length, a[2] / length


def cross(a: Point, b: Point) -> Point:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


class Frame(Struct, frozen=True):
    """Where the car shall stand in the picture, in pixels: between these sides, its wheels on `ground`."""

    left: float
    right: float
    top: float
    ground: float


class Eye:
    """Looks at a car from `distance`, turned by `turn` degrees from straight ahead, `height` above ground."""

    def __init__(self, turn: float, height: float, distance: float, aim: float) -> None:
        angle = math.radians(turn)
        self.at: Point = (distance * math.cos(angle), distance * math.sin(angle), height)
        self._ahead = unit(sub((0.0, 0.0, aim), self.at))
        self._right = unit(cross(self._ahead, (0.0, 0.0, 1.0)))
        self._up = cross(self._right, self._ahead)
        self._scale, self._dx, self._dy = 1.0, 0.0, 0.0

    def _plain(self, point: Point) -> Spot:
        away = sub(point, self.at)
        depth = dot(away, self._ahead)
        return dot(away, self._right) / depth, -dot(away, self._up) / depth

    def spot(self, point: Point) -> Spot:
        x, y = self._plain(point)
        return x * self._scale + self._dx, y * self._scale + self._dy

    def depth(self, point: Point) -> float:
        return dot(sub(point, self.at), self._ahead)

    def fit(self, points: Iterable[Point], frame: Frame) -> None:
        """Come so near that all of `points` stand within `frame`."""
        spots = [self._plain(point) for point in points]
        left, right = min(x for x, _ in spots), max(x for x, _ in spots)
        top, bottom = min(y for _, y in spots), max(y for _, y in spots)
        self._scale = min((frame.right - frame.left) / (right - left), (frame.ground - frame.top) / (bottom - top))
        self._dx = (frame.left + frame.right) / 2 - self._scale * (left + right) / 2
        self._dy = frame.ground - self._scale * bottom


def curve(knots: Sequence[tuple[float, float]], at: float) -> float:
    """A smooth line through `knots` (rising in their first figure), level beyond their ends."""
    if at <= knots[0][0]:
        return knots[0][1]
    if at >= knots[-1][0]:
        return knots[-1][1]
    i = next(n for n in range(1, len(knots)) if at <= knots[n][0]) - 1
    (x0, y0), (x1, y1) = knots[i], knots[i + 1]
    t, span = (at - x0) / (x1 - x0), x1 - x0
    before, after = _slope(knots, i) * span, _slope(knots, i + 1) * span
    return (
        (2 * t**3 - 3 * t * t + 1) * y0
        + (t**3 - 2 * t * t + t) * before
        + (3 * t * t - 2 * t**3) * y1
        + (t**3 - t * t) * after
    )


def _slope(knots: Sequence[tuple[float, float]], i: int) -> float:
    """Of a curve that overshoots nowhere."""
    if i in (0, len(knots) - 1):
        return 0.0
    (x0, y0), (x1, y1), (x2, y2) = knots[i - 1], knots[i], knots[i + 1]
    before, after = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    return 0.0 if before * after <= 0 else 2 * before * after / (before + after)
