"""How things shine in a bright hall: a wide lamp overhead, light walls, a darker line where wall and floor meet."""

import math
from collections.abc import Callable

from app.adapters.drawings.space import Point, curve, dot, sub, unit

Colour = tuple[int, int, int]
Material = Callable[[Point, Point, Point], Colour]

_LAMP = unit((0.35, 0.45, 0.9))
# What a mirror that looks up or down so far would show, from the floor to the lamp overhead.
_HALL = (
    (-1.0, 0.34), (-0.35, 0.42), (-0.1, 0.26), (0.0, 0.14), (0.1, 0.4), (0.22, 0.5), (0.3, 0.88), (0.38, 0.88),
    (0.47, 0.6), (0.6, 0.62), (0.74, 1.0), (1.0, 0.94),
)  # fmt: skip


def _shade(at: Point, normal: Point, eye: Point) -> tuple[float, float, float]:
    """How much light falls on it, how much of the hall it mirrors, and how bright that is."""
    view = unit(sub(eye, at))
    facing = max(0.0, dot(normal, view))
    mirrored = 2 * dot(normal, view) * normal[2] - view[2]
    lit = 0.5 + 0.5 * dot(normal, _LAMP)
    gloss = 0.05 + 0.75 * (1 - facing) ** 4
    return lit, gloss, curve(_HALL, mirrored)


def painted(colour: Colour) -> Material:
    """Car paint: its colour under a clear coat."""
    bright = (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]) / 255
    coat = 0.95 + 0.9 * bright * (1 - bright)

    def shade(at: Point, normal: Point, eye: Point) -> Colour:
        lit, gloss, hall = _shade(at, normal, eye)
        under = 0.34 + 0.6 * lit**1.3
        dark = 0.86 + 0.14 * min(1.0, max(0.0, at[2]) / 0.5)  # the floor's shadow creeps up
        over = coat * (gloss + 0.15) * hall * 255
        return _clip(*(_held(base * under * dark * (0.84 + 0.16 * hall) + over) for base in colour))

    return shade


def glass(at: Point, normal: Point, eye: Point) -> Colour:
    _lit, gloss, hall = _shade(at, normal, eye)
    streak = max(0.0, math.sin(2.1 * at[0] + 3.4 * at[2] + 0.6)) ** 3  # windows of the hall
    over = (gloss * 0.9 + 0.24) * hall + 0.07 * streak
    return _clip(17 + 170 * over, 23 + 178 * over, 27 + 184 * over)


def dull(colour: Colour, gloss_by: float = 0.25) -> Material:
    """Plastic, rubber, felt."""

    def shade(at: Point, normal: Point, eye: Point) -> Colour:
        lit, gloss, hall = _shade(at, normal, eye)
        return _clip(*(base * (0.45 + 0.6 * lit) + 255 * gloss_by * gloss * hall for base in colour))

    return shade


def metal(at: Point, normal: Point, eye: Point) -> Colour:
    _lit, _gloss, hall = _shade(at, normal, eye)
    return _clip(*(70 + 165 * hall * tint for tint in (0.97, 0.99, 1.0)))


def _held(value: float) -> float:
    """What is very bright does not become white at once."""
    return value if value < 180 else 180 + 62 * (1 - math.exp((180 - value) / 62))


def _clip(red: float, green: float, blue: float) -> Colour:
    return (
        max(0, min(255, round(red))),
        max(0, min(255, round(green))),
        max(0, min(255, round(blue))),
    )


def blend(one: Colour, other: Colour, t: float) -> Colour:
    return _clip(*(a + (b - a) * t for a, b in zip(one, other, strict=True)))
