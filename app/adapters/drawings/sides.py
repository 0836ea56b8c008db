"""What is seen of a car's sides: windows, doors, handles, sills, mirrors; and the open bed of a pickup."""

import math
from itertools import pairwise

from PIL import Image

from app.adapters.drawings.canvas import Canvas
from app.adapters.drawings.light import Material, dull, glass
from app.adapters.drawings.shapes import Shapes
from app.adapters.drawings.shells import Shell
from app.adapters.drawings.space import Point

_FRAME = dull((16, 17, 18), 0.3)
_PLASTIC = dull((44, 46, 48), 0.2)
_GAP = (12, 13, 14)
_FOOT, _HEAD = 0.1, 0.82


def windows(canvas: Canvas, shapes: Shapes, near: int) -> None:
    """Front, back and the near side, each in its black frame."""
    shell, pillars = shapes.glass, shapes.body.pillars
    canvas.surface(nose_patch(shell, 0.79, (0.03, 0.9)), _FRAME, soft=1)
    canvas.surface(nose_patch(shell, 0.75, (0.06, 0.86)), glass)
    canvas.surface(_tail_patch(shell, 2.5, (0.1, 0.88)), _FRAME, soft=1)
    canvas.surface(_tail_patch(shell, 2.54, (0.14, 0.84)), glass)
    first, last = pillars[0], pillars[-1]
    if last - first > 0.2:
        canvas.surface(
            shell.patch((first, last), (_FOOT - 0.05, _HEAD + 0.04), near, across=40), _FRAME, out=near, soft=1
        )
    for begin, end in pairwise(pillars):
        if end - begin > 0.08:
            room = 0.012
            patch = shell.patch((begin + room, end - room), (_FOOT, _HEAD), near, across=24)
            pane = canvas.surface(patch, glass, out=near)
            _seats(canvas, shapes, pane)


def _seats(canvas: Canvas, shapes: Shapes, pane: Image.Image) -> None:
    """Backs and rests of the seats, as far as they are seen through a pane."""
    body = shapes.body
    first = body.crown[1] - 0.42
    rows = [first, *([first - 0.85] if body.bed is None or body.length > 5 else [])]
    for x in rows:
        for side in (-1, 1):
            y, foot = side * 0.36, shapes.top(x) - 0.25
            back = foot + 0.42
            shape: list[Point] = [
                (x + 0.06, y - 0.22, foot), (x - 0.02, y - 0.2, back - 0.03), (x - 0.04, y - 0.1, back),
                (x - 0.05, y - 0.1, back + 0.04), (x - 0.06, y - 0.12, back + 0.17), (x - 0.06, y + 0.12, back + 0.17),
                (x - 0.05, y + 0.1, back + 0.04), (x - 0.04, y + 0.1, back), (x - 0.02, y + 0.2, back - 0.03),
                (x + 0.06, y + 0.22, foot),
            ]  # fmt: skip
            canvas.fill(shape, (9, 12, 14), 0.5, blur=3, within=pane)


def nose_patch(shell: Shell, place: float, shares: tuple[float, float]) -> list[list[Point]]:
    """From the right over the nose to the left."""
    left = shell.patch((0.0, place), shares, across=14)
    return [[*((x, -y, z) for x, y, z in reversed(row[1:])), *row] for row in left]


def _tail_patch(shell: Shell, place: float, shares: tuple[float, float]) -> list[list[Point]]:
    """From the left over the tail to the right."""
    left = shell.patch((place, 3.0), shares, across=12)
    return [[*row, *((x, -y, z) for x, y, z in reversed(row[:-1]))] for row in left]


def doors(canvas: Canvas, shapes: Shapes, silhouette: Image.Image, near: int) -> None:
    body, shell, house = shapes.body, shapes.lower, shapes.glass
    sill = shell.patch((0.0, 3.0), (0.0, 0.085 if body.rugged else 0.05), near, across=70, up=2)
    canvas.surface(sill, _PLASTIC, out=near, soft=1)
    front, back = body.axles[1], body.axles[0]
    clear = 1.2 * body.wheel
    edges = [front - clear - 0.06]
    pillars = body.pillars
    if pillars[1] < 1.9:
        edges.append(house.at(pillars[1], 0.0)[0])
        edges.append(max(back + clear - 0.12, house.at(min(pillars[2], 2.0), 0.0)[0]))
    else:
        edges.append(max(house.at(min(pillars[-2], 1.95), 0.0)[0], back + clear))
    for x in edges:
        low = max(0.09, shapes.share(x, body.clearance + 0.1))
        gap = [shell.at(shell.place(x, share), share, near) for share in _steps(low, 0.985, 10)]
        canvas.line(gap, _GAP, 1.5, 0.62, within=silhouette)
        canvas.line([(px + 0.008, py, pz) for px, py, pz in gap], (255, 255, 255), 1.0, 0.2, within=silhouette)
    bottom = [shapes.side(x, body.clearance + 0.13, near) for x in _steps(edges[0], edges[-1], 16)]
    canvas.line(bottom, _GAP, 1.3, 0.5, within=silhouette)
    _crease(canvas, shapes, silhouette, near)
    for begin, end in pairwise(edges):
        x = end + 0.2 if end < begin else end
        _handle(canvas, shapes, x, near)
    _fuel_flap(canvas, shapes, silhouette, near)


def _crease(canvas: Canvas, shapes: Shapes, silhouette: Image.Image, near: int) -> None:
    """The line that runs along the flank: light above, shade below."""
    shell = shapes.lower
    for share, colour, alpha in ((0.79, (255, 255, 255), 0.26), (0.765, (0, 0, 0), 0.2)):
        along = [shell.at(place, share + 0.02 * (place - 1.5), near) for place in _steps(1.04, 2.1, 30)]
        canvas.line(along, colour, 1.6, alpha, within=silhouette)


def _handle(canvas: Canvas, shapes: Shapes, x: float, near: int) -> None:
    shell = shapes.lower
    begin, end = shell.place(x + 0.08, 0.83), shell.place(x - 0.08, 0.83)
    canvas.surface(shell.patch((begin, end), (0.815, 0.855), near, across=6, up=2), _PLASTIC, out=near, soft=0.5)
    canvas.line([shell.at(place, 0.852, near) for place in _steps(begin, end, 4)], (255, 255, 255), 1.2, 0.45)


def _fuel_flap(canvas: Canvas, shapes: Shapes, silhouette: Image.Image, near: int) -> None:
    """Behind the rear wheel, on the side that most cars here have it."""
    if near < 0 or shapes.body.bed:
        return
    x, z = shapes.body.axles[0] - 0.05, shapes.top(shapes.body.axles[0]) - 0.16
    ring = [
        shapes.side(x + 0.085 * math.cos(n / 10 * math.pi), z + 0.085 * math.sin(n / 10 * math.pi), near)
        for n in range(21)
    ]
    canvas.line(ring, _GAP, 1.1, 0.35, within=silhouette)


def mirror(canvas: Canvas, shapes: Shapes, coat: Material, side: int) -> None:
    """A small shell beside the front pillar."""
    foot = shapes.glass.at(shapes.body.pillars[0] + 0.06, 0.1, side)
    middle = (foot[0] + 0.03, side * (abs(foot[1]) + 0.13), foot[2] + 0.075)
    canvas.line([foot, (middle[0], side * (abs(middle[1]) - 0.06), middle[2] - 0.03)], (28, 29, 31), 7)
    canvas.surface(pillow(middle, (0.075, 0.11, 0.07)), coat, soft=3)


def pillow(middle: Point, radii: Point) -> list[list[Point]]:
    """A ball with flatter sides: a mirror's shell, a seat."""
    rows = []
    for j in range(13):
        tilt = math.pi * (j / 12 - 0.5)
        rows.append(
            [
                (
                    middle[0] + radii[0] * _square(math.cos(tilt)) * _square(math.cos(turn)),
                    middle[1] + radii[1] * _square(math.cos(tilt)) * _square(math.sin(turn)),
                    middle[2] + radii[2] * _square(math.sin(tilt)),
                )
                for turn in (2 * math.pi * n / 32 for n in range(33))
            ]
        )
    return rows


def _square(value: float) -> float:
    """Rounder corners than a ball has."""
    return math.copysign(abs(value) ** 0.62, value)


def rails(canvas: Canvas, shapes: Shapes, side: int) -> None:
    """Along the roof, for those who have them."""
    body = shapes.body
    if not body.rails:
        return
    begin, end = body.crown[0] + 0.16, body.crown[1] - 0.24
    rail: list[Point] = [
        (
            begin + (end - begin) * t,
            side * (body.roof_half - 0.05),
            body.height + 0.015 - body.fall * (1 - t) ** 2 - 0.08 * abs(2 * t - 1) ** 5,
        )
        for t in _steps(0, 1, 20)
    ]
    canvas.line(rail, (34, 36, 38), 4)
    canvas.line([(x, y, z + 0.012) for x, y, z in rail], (168, 172, 174), 1.3)


def bed(canvas: Canvas, shapes: Shapes) -> None:
    """The open box of a pickup, seen into from above."""
    body = shapes.body
    if body.bed is None:
        return
    back, front = body.bed
    wide = body.width / 2 - 0.17
    z = shapes.top((back + front) / 2) + 0.012
    rim: list[Point] = [(back, wide, z), (front, wide, z), (front, -wide, z), (back, -wide, z)]
    canvas.fill(rim, (30, 31, 33))
    deep: list[Point] = [(back + 0.05, wide - 0.05, z - 0.05), (front - 0.04, wide - 0.05, z - 0.05),
                         (front - 0.04, -wide + 0.05, z - 0.05), (back + 0.05, -wide + 0.05, z - 0.05)]  # fmt: skip
    canvas.fill(deep, (17, 18, 19), within=canvas.outline(rim))


def _steps(begin: float, end: float, count: int) -> list[float]:
    return [begin + (end - begin) * n / count for n in range(count + 1)]
