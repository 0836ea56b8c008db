"""A car with its roof down: the tub, the folded roof, seats, the wheel, and a windscreen that is seen through."""

import math
from collections.abc import Callable

from PIL import Image, ImageChops

from app.adapters.drawings import sides
from app.adapters.drawings.canvas import Canvas
from app.adapters.drawings.light import dull, glass
from app.adapters.drawings.shapes import Shapes
from app.adapters.drawings.space import Point

_TUB = dull((20, 21, 22), 0.1)
_CLOTH = dull((46, 47, 49), 0.12)
_LEATHER = dull((142, 108, 78), 0.3)
_FRAME = dull((22, 23, 25), 0.4)
_CLEAR = 0.55
_FRONT_SEATS, _BACK_SEATS, _WHEEL = -0.22, -0.86, 0.3


def draw(canvas: Canvas, shapes: Shapes, near: int) -> None:
    """In place of the glass house; what is farther from the eye comes first."""
    tail, nose = shapes.body.cabin
    canvas.surface(_deck(shapes, tail + 0.06, nose - 0.1, 0.8, 0.0), _TUB, soft=2)
    above = _above_the_door(canvas, shapes, near)
    parts: list[tuple[float, Callable[[Canvas, Shapes, Image.Image], None]]] = [
        (tail + 0.2, _folded_roof), (_BACK_SEATS, _back_seats), (_FRONT_SEATS, _front_seats), (_WHEEL, _wheel),
        (nose - 0.4, _windscreen),
    ]  # fmt: skip
    for _x, part in sorted(parts, key=lambda one: -canvas.eye.depth((one[0], 0.0, shapes.body.height))):
        part(canvas, shapes, above)


def _above_the_door(canvas: Canvas, shapes: Shapes, near: int) -> Image.Image:
    """White where the near side of the body hides nothing."""
    shell = shapes.lower
    edge = [shell.at(0.5 + 2 * n / 40, 1.0, near) for n in range(41)]
    return ImageChops.invert(canvas.outline([*edge, (edge[-1][0], edge[-1][1], 0.0), (edge[0][0], edge[0][1], 0.0)]))


def _deck(shapes: Shapes, back: float, front: float, wide: float, crown: float) -> list[list[Point]]:
    """Over the lid between two places along the car, `wide` being a share of its width; `crown` above it."""
    rows = []
    for n in range(25):
        x = back + (front - back) * n / 24
        half = abs(shapes.lower.at(shapes.lower.place(x, 1.0), 1.0)[1]) * wide
        rise = crown * math.sin(math.pi * n / 24) ** 0.6
        rows.append(
            [
                (x, half * y / 12, shapes.top(x) + 0.012 + (0.036 + rise) * (1 - (y / 12) ** 4))
                for y in range(12, -13, -1)
            ]
        )
    return rows


def _folded_roof(canvas: Canvas, shapes: Shapes, _above: Image.Image) -> None:
    back = shapes.body.cabin[0]
    canvas.surface(_deck(shapes, back, back + 0.44, 0.84, 0.06), _CLOTH, soft=3)


def _back_seats(canvas: Canvas, shapes: Shapes, above: Image.Image) -> None:
    _seats(canvas, shapes, above, (_BACK_SEATS, 0.1, 0.05))


def _front_seats(canvas: Canvas, shapes: Shapes, above: Image.Image) -> None:
    _seats(canvas, shapes, above, (_FRONT_SEATS, 0.2, 0.075))


def _seats(canvas: Canvas, shapes: Shapes, above: Image.Image, row: tuple[float, float, float]) -> None:
    """Two of them: `row` says where along the car, how tall above the doors, and how tall the rests on them."""
    x, tall, head = row
    foot = shapes.top(x)
    for y in sorted((-0.36, 0.36), key=lambda side: -canvas.eye.depth((x, side, foot))):
        for middle, radii in (
            ((x, y, foot + tall * 0.4), (0.075, 0.22, tall * 0.62)),
            ((x - 0.05, y, foot + tall + head), (0.05, 0.125, head)),
        ):
            canvas.surface(sides.pillow(middle, radii), _LEATHER, soft=2, within=above)


def _wheel(canvas: Canvas, shapes: Shapes, above: Image.Image) -> None:
    """On the right, as cars here are driven."""
    z = shapes.top(_WHEEL) + 0.06
    ring: list[Point] = []
    for n in range(33):
        angle = 2 * math.pi * n / 32
        ring.append((_WHEEL + 0.07 * math.sin(angle), -0.36 + 0.185 * math.cos(angle), z + 0.165 * math.sin(angle)))
    canvas.line(ring, (20, 21, 22), 7, within=above)


def _windscreen(canvas: Canvas, shapes: Shapes, _above: Image.Image) -> None:
    """What stands behind the glass shows through it; from behind it is seen from within."""
    shell, before = shapes.glass, canvas.image.copy()
    for out in (1, -1):
        canvas.surface(sides.nose_patch(shell, 0.84, (0.0, 0.9)), _FRAME, out=out, soft=1)
    framed = canvas.image.copy()
    for out in (1, -1):
        pane = canvas.surface(sides.nose_patch(shell, 0.78, (0.02, 0.84)), glass, out=out)
        seen = Image.blend(canvas.image, before, _CLEAR)
        framed.paste(seen, (0, 0), pane)
    canvas.image.paste(framed)
