"""Wheels: a tyre turned around its axle, a rim with spokes, and what is behind it."""

import math

from PIL import Image

from app.adapters.drawings.canvas import Canvas
from app.adapters.drawings.light import dull, metal
from app.adapters.drawings.space import Point

_TYRE = dull((30, 31, 33), 0.12)
_WELL = dull((12, 12, 13), 0.05)
_SPOKES = 5


def draw(canvas: Canvas, x: float, y: float, radius: float, side: int, within: Image.Image | None = None) -> None:
    """One wheel with its middle at x and its outer face at y on that side; where `within` is black it is hidden."""
    broad, rim = 0.2, 0.66 * radius
    inner = _turned(((radius, -broad),), x, y, radius, side)[0]
    canvas.fill(inner, (17, 18, 19), within=within)
    profile = (
        (rim, -0.01), (rim + 0.02, 0.008), (0.9 * radius, 0.012), (0.975 * radius, -0.008), (radius, -0.035),
        (radius, -broad),
    )  # fmt: skip
    canvas.surface(_turned(profile, x, y, radius, side), _TYRE, out=side, soft=1, within=within)
    canvas.surface(_turned(((0.01, -0.07), (rim, -0.06)), x, y, radius, side), _WELL, out=side, soft=1, within=within)
    canvas.surface(
        _turned(((rim - 0.018, -0.012), (rim + 0.004, 0.002)), x, y, radius, side), metal, out=side, soft=0.6,
        within=within,
    )  # fmt: skip
    for n in range(_SPOKES):
        _spoke(canvas, x, y, radius, rim, side, 2 * math.pi * (n + 0.25) / _SPOKES, within)
    canvas.surface(_turned(((0.001, -0.004), (0.05, -0.012)), x, y, radius, side), metal, out=side, soft=0.6,
                   within=within)  # fmt: skip


def _turned(
    profile: tuple[tuple[float, float], ...], x: float, y: float, height: float, side: int, steps: int = 56
) -> list[list[Point]]:
    """A line of (distance from the axle, outward) turned around the axle."""
    return [
        [
            (
                x + far * math.cos(2 * math.pi * n / steps),
                side * (y + out),
                height + far * math.sin(2 * math.pi * n / steps),
            )
            for n in range(steps + 1)
        ]
        for far, out in profile
    ]


def _spoke(
    canvas: Canvas, x: float, y: float, height: float, rim: float, side: int, angle: float, within: Image.Image | None
) -> None:
    """Two arms that part towards the rim."""
    for by in (-0.17, 0.17):
        inner, outer = 0.055, rim - 0.008
        rows = []
        for far, spread, out in ((inner, 0.3, -0.012), ((inner + outer) / 2, 0.1, -0.008), (outer, 0.075, -0.012)):
            middle = angle + by * (far - inner) / (outer - inner)
            rows.append(
                [
                    (x + far * math.cos(middle + turn), side * (y + out), height + far * math.sin(middle + turn))
                    for turn in (-spread, spread)
                ]
            )
        canvas.surface(rows, metal, out=side, soft=0.6, within=within)
