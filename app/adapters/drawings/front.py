"""The face of a car: lamps, grille, intake, plate, and the gaps of its hood."""

import math

from PIL import Image

from app.adapters.drawings import plates
from app.adapters.drawings.canvas import Canvas
from app.adapters.drawings.light import Colour, Material, dull, metal
from app.adapters.drawings.shapes import Shapes
from app.adapters.drawings.shells import Shell
from app.adapters.drawings.space import Point, dot, sub, unit

_DARK = dull((17, 18, 20), 0.35)
_BLACK = dull((8, 9, 10), 0.15)
_SLAT = dull((58, 61, 64), 0.5)
_GAP: Colour = (12, 13, 14)


def _lens(at: Point, normal: Point, eye: Point) -> Colour:
    """Clear plastic before a mirror: bright where the hall's lamp falls in."""
    view = unit(sub(eye, at))
    up = 2 * dot(normal, view) * normal[2] - view[2]
    glow = max(0.0, min(1.0, 0.4 + 0.6 * up))
    return round(96 + 120 * glow), round(105 + 116 * glow), round(112 + 112 * glow)


def draw(canvas: Canvas, shapes: Shapes) -> None:
    shell, tall = shapes.lower, shapes.body.rugged
    wide = 0.42 if tall else 0.36
    grille = (0.5, 0.8) if tall else (0.55, 0.76)
    canvas.surface(across(shell, wide + 0.03, (grille[0] - 0.02, grille[1] + 0.02)), metal if tall else _DARK, soft=1)
    mask = canvas.surface(across(shell, wide, grille), _BLACK, soft=1)
    _slats(canvas, shell, wide, grille, mask)
    canvas.surface(across(shell, 0.46, (0.11, 0.3)), _BLACK, soft=1)
    canvas.surface(across(shell, 0.5, (0.02, 0.075)), dull((70, 73, 76), 0.3), soft=1)
    for side in (1, -1):
        _lamp(canvas, shell, side, tall)
        _part(canvas, shell, (0.62, 0.76), (0.16, 0.27), side, _BLACK)
        _part(canvas, shell, (0.66, 0.72), (0.19, 0.24), side, _lens)
    _badge(canvas, shell, (grille[0] + grille[1]) / 2)
    _hood(canvas, shapes)
    nose = shell.at(0.0, 0.4)
    x, z = nose[0] + 0.012, nose[2]
    plate: list[Point] = [(x, -0.24, z + 0.062), (x, 0.24, z + 0.062), (x, 0.24, z - 0.062), (x, -0.24, z - 0.062)]
    canvas.sheet(plates.picture(), plate)


def across(shell: Shell, place: float, shares: tuple[float, float], up: int = 5) -> list[list[Point]]:
    """A part of the nose, from the right to the left."""
    left = shell.patch((0.0, place), shares, across=12, up=up)
    return [[*((x, -y, z) for x, y, z in reversed(row[1:])), *row] for row in left]


def _part(canvas: Canvas, shell: Shell, places: tuple[float, float], shares: tuple[float, float], side: int,
          material: Material, slant: float = 0.0) -> Image.Image:  # fmt: skip
    return canvas.surface(shell.patch(places, shares, side, slant=slant), material, out=side, soft=1)


def _slats(canvas: Canvas, shell: Shell, wide: float, shares: tuple[float, float], mask: Image.Image) -> None:
    low, high = shares
    for n in range(1, 5):
        share = low + (high - low) * n / 5
        canvas.surface(across(shell, wide, (share - 0.008, share + 0.012), up=1), _SLAT, soft=0.5, within=mask)


def _lamp(canvas: Canvas, shell: Shell, side: int, tall: bool) -> None:
    low, high = (0.56, 0.8) if tall else (0.6, 0.8)
    inner, outer = (0.46, 0.86) if tall else (0.42, 0.97)
    _part(canvas, shell, (inner - 0.015, outer + 0.02), (low - 0.015, high + 0.02), side, _DARK, slant=0.03)
    mask = _part(canvas, shell, (inner, outer), (low, high), side, _lens, slant=0.03)
    span, tall_by = outer - inner, high - low
    for middle, wide in ((0.26, 0.13), (0.54, 0.11)):
        at, share = inner + span * middle + 0.015, low + tall_by * 0.55
        for by, colour in ((1.0, (22, 25, 28)), (0.8, (120, 128, 134)), (0.66, (30, 34, 38)), (0.5, (206, 216, 222)),
                           (0.22, (250, 252, 253))):  # fmt: skip
            ring = _ring(shell, at, share, span * wide * by, tall_by * 0.4 * by, side)
            canvas.fill(ring, colour, blur=1.5, within=mask)
    amber = shell.patch((inner + span * 0.9, outer), (low + 0.03, high - 0.05), side)
    canvas.surface(amber, dull((168, 112, 58), 0.5), out=side, soft=2, within=mask)
    line = [shell.at(inner + span * n / 12, low + 0.022, side) for n in range(13)]
    canvas.line(line, (252, 254, 255), 2.4, 0.9, within=mask)


def _ring(shell: Shell, place: float, share: float, wide: float, tall: float, side: int) -> list[Point]:
    return [
        shell.at(place + wide * math.cos(n / 12 * math.pi), share + tall * math.sin(n / 12 * math.pi), side)
        for n in range(24)
    ]


def _badge(canvas: Canvas, shell: Shell, share: float) -> None:
    """Of no maker."""
    canvas.surface(across(shell, 0.06, (share - 0.035, share + 0.045), up=3), metal, soft=1)


def _hood(canvas: Canvas, shapes: Shapes) -> None:
    """The gap between hood and wings, and the one before it."""
    shell, body = shapes.lower, shapes.body
    begin, end = body.length / 2 - 0.24, body.cabin[1] - 0.05
    for side in (1, -1):
        edge = []
        for n in range(15):
            x = begin + (end - begin) * n / 14
            foot = shell.at(shell.place(x, 1.0), 1.0, side)
            inside = 0.88 - 0.03 * n / 14
            edge.append((x, foot[1] * inside, foot[2] + 0.045 * (1 - inside * inside)))
        canvas.line(edge, _GAP, 1.3, 0.34)
