"""The hall a car stands in: a wall, a floor that fades into it, and the car's own shadow."""

import math
from functools import lru_cache

from PIL import Image, ImageFilter

from app.adapters.drawings.bodies import Body
from app.adapters.drawings.canvas import SIZE, Canvas
from app.adapters.drawings.light import Colour, blend
from app.adapters.drawings.space import Point

_WALL_TOP: Colour = (206, 213, 210)
_WALL_FOOT: Colour = (184, 193, 189)
_FLOOR_FAR: Colour = (168, 177, 173)
_FLOOR_NEAR: Colour = (136, 145, 141)
_SHADOW: Colour = (26, 31, 30)


@lru_cache(4)
def _hall(horizon: int) -> Image.Image:
    """Wall and floor, with light falling on their middle. Kept: every car of one angle stands in the same."""
    column = Image.new("RGB", (1, SIZE[1]))
    for y in range(SIZE[1]):
        if y < horizon:
            colour = blend(_WALL_TOP, _WALL_FOOT, (y / horizon) ** 1.5)
        else:
            colour = blend(_FLOOR_FAR, _FLOOR_NEAR, (y - horizon) / (SIZE[1] - horizon))
        column.putpixel((0, y), colour)
    hall = column.resize(SIZE)
    edge = hall.crop((0, horizon - 60, SIZE[0], horizon + 60)).filter(ImageFilter.GaussianBlur(24))
    hall.paste(edge, (0, horizon - 60))
    lit = Image.radial_gradient("L").resize((SIZE[0] * 2, SIZE[1] * 2)).crop(
        (SIZE[0] // 2, SIZE[1] // 3, SIZE[0] // 2 + SIZE[0], SIZE[1] // 3 + SIZE[1])
    )  # fmt: skip
    return Image.composite(Image.new("RGB", SIZE, (128, 136, 133)), hall, lit.point(lambda v: max(0, v - 90) // 2))


def hall(horizon: float) -> Image.Image:
    return _hall(round(horizon)).copy()


def shadow(canvas: Canvas, body: Body) -> None:
    """Soft and wide under the whole car, darker right below it, black where the tyres stand."""
    half, wide = body.length / 2, body.width / 2
    canvas.fill(_patch(half + 0.22, wide + 0.3, 0.7), _SHADOW, 0.34, blur=46)
    canvas.fill(_patch(half - 0.02, wide + 0.03, 0.45), _SHADOW, 0.62, blur=22)
    canvas.fill(_patch(half - 0.22, wide - 0.08, 0.35), _SHADOW, 0.75, blur=12)
    for x in body.axles:
        for side in (-1, 1):
            y = side * (wide - 0.12)
            spot = [(x + 0.3 * math.cos(n / 8 * math.pi), y + 0.17 * math.sin(n / 8 * math.pi), 0.0) for n in range(16)]
            canvas.fill(spot, (10, 12, 12), 0.8, blur=7)


def _patch(half: float, wide: float, corner: float) -> list[Point]:
    """A rectangle with round corners on the floor."""
    found: list[Point] = []
    for n in range(48):
        angle = 2 * math.pi * n / 48
        x, y = math.cos(angle), math.sin(angle)
        found.append(
            (math.copysign(abs(x) ** (corner + 0.05), x) * half, math.copysign(abs(y) ** corner, y) * wide, 0.0)
        )
    return found
