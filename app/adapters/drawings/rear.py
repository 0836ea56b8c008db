"""The back of a car: lamps, the lid and its gap, bumper, plate."""

from app.adapters.drawings import plates
from app.adapters.drawings.canvas import Canvas
from app.adapters.drawings.light import Colour, dull, metal
from app.adapters.drawings.shapes import Shapes
from app.adapters.drawings.shells import Shell
from app.adapters.drawings.space import Point, dot, sub, unit

_DARK = dull((20, 21, 23), 0.3)
_BUMPER = dull((40, 42, 44), 0.2)
_GAP: Colour = (12, 13, 14)


def _red(at: Point, normal: Point, eye: Point) -> Colour:
    view = unit(sub(eye, at))
    up = 2 * dot(normal, view) * normal[2] - view[2]
    glow = max(0.0, min(1.0, 0.4 + 0.6 * up))
    return round(142 + 84 * glow), round(16 + 44 * glow), round(20 + 40 * glow)


def draw(canvas: Canvas, shapes: Shapes) -> None:
    if canvas.eye.at[0] > 0.5:  # seen from the front: only the lamps' outer ends reach around the corner
        return
    shell, body = shapes.lower, shapes.body
    upright = body.tail[1] >= 3.6
    _lid(canvas, shell, upright)
    for side in (1, -1):
        _lamp(canvas, shell, side, upright)
    canvas.surface(across(shell, 2.3, (0.03, 0.13)), _BUMPER, soft=1)
    share = 0.5 if upright else 0.62
    if canvas.eye.at[0] < -0.5:
        strip = across(shell, 2.62, (share + 0.1, share + 0.14), up=1)
        canvas.surface(strip, metal, soft=1)
        tail = shell.at(3.0, share)
        x, z = tail[0] - 0.012, tail[2]
        plate: list[Point] = [(x, 0.24, z + 0.066), (x, -0.24, z + 0.066), (x, -0.24, z - 0.066), (x, 0.24, z - 0.066)]
        hollow: list[Point] = [(x + 0.004, y * 1.2, z + (0.1 if dz > 0 else -0.1)) for (_, y, pz), dz in
                               zip(plate, (1, 1, -1, -1), strict=True) if pz]  # fmt: skip
        canvas.fill(hollow, (20, 21, 23), 0.5, blur=3)
        canvas.sheet(plates.picture(), plate)


def across(shell: Shell, place: float, shares: tuple[float, float], up: int = 4) -> list[list[Point]]:
    """A part of the tail, from the left to the right."""
    left = shell.patch((place, 3.0), shares, across=14, up=up)
    return [[*row, *((x, -y, z) for x, y, z in reversed(row[:-1]))] for row in left]


def _lamp(canvas: Canvas, shell: Shell, side: int, upright: bool) -> None:
    """Upright beside a hatch, lying beside a boot's lid; both reach around the corner."""
    places, shares = ((2.16, 2.44), (0.6, 0.96)) if upright else ((2.1, 2.6), (0.7, 0.9))
    edge = shell.patch((places[0] - 0.012, places[1] + 0.012), (shares[0] - 0.015, shares[1] + 0.012), side)
    canvas.surface(edge, _DARK, out=side, soft=1)
    mask = canvas.surface(shell.patch(places, shares, side), _red, out=side, soft=2)
    tall, broad = shares[1] - shares[0], places[1] - places[0]
    clear = shell.patch(
        (places[0] + broad * 0.2, places[1] - broad * 0.1), (shares[0] + tall * 0.12, shares[0] + tall * 0.3), side
    )
    canvas.surface(clear, dull((226, 222, 218), 0.6), out=side, soft=2, within=mask)
    for by in (0.5, 0.78):
        line = [shell.at(places[0] + broad * (0.08 + 0.84 * n / 10), shares[0] + tall * by, side) for n in range(11)]
        canvas.line(line, (255, 132, 120), 2.2, 0.8, within=mask)


def _lid(canvas: Canvas, shell: Shell, upright: bool) -> None:
    low, place = (0.34, 2.47) if upright else (0.52, 2.52)
    for side in (1, -1):
        gap = [shell.at(place, low + (1 - low) * n / 10, side) for n in range(11)]
        canvas.line(gap, _GAP, 1.4, 0.42)
    foot = across(shell, place, (low, low + 0.001), up=1)[0]
    canvas.line(foot, _GAP, 1.4, 0.42)
