"""What is drawn on: twice the picture's size, so that edges come out smooth; surfaces, masks, lines and plates."""

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.adapters.drawings.light import Colour, Material
from app.adapters.drawings.space import Eye, Point, Spot, cross, sub, unit

WIDTH, HEIGHT, FINER = 1280, 853, 2
SIZE = (WIDTH * FINER, HEIGHT * FINER)
Grid = Sequence[Sequence[Point]]
Box = tuple[int, int, int, int]


class Canvas:
    """One picture in the making, seen by one eye."""

    def __init__(self, eye: Eye, image: Image.Image) -> None:
        self.eye, self.image = eye, image

    def surface(self, grid: Grid, material: Material, *, out: int = 1, soft: float = 5,
                within: Image.Image | None = None) -> Image.Image:  # fmt: skip
        """Paint a surface and give its mask. Its parts are drawn from far to near; `out` -1 turns it inside out.

        `soft` blurs the shades, never the edge. Where `within` is black nothing is painted.
        """
        parts = self._parts(grid, material, out)
        whole = Image.new("L", SIZE, 0)
        box = _box([spot for _, corners, _ in parts for spot in corners])
        if box is None:
            return whole
        size, mean = (box[2] - box[0], box[3] - box[1]), _mean_colour([colour for _, _, colour in parts])
        mask, layer = Image.new("L", size, 0), Image.new("RGB", size, mean)
        on_mask, on_layer = ImageDraw.Draw(mask), ImageDraw.Draw(layer)
        for _, corners, colour in sorted(parts, key=lambda part: -part[0]):
            there = _moved(_grown(corners), box)
            on_layer.polygon(there, fill=colour)
            on_mask.polygon(there, fill=255)
        if within is not None:
            mask = ImageChops.darker(mask, within.crop(box))
        self.image.paste(layer.filter(ImageFilter.GaussianBlur(soft)) if soft else layer, box[:2], mask)
        whole.paste(mask, box[:2])
        return whole

    def _parts(self, grid: Grid, material: Material, out: int) -> list[tuple[float, list[Spot], Colour]]:
        """What faces the eye: how far away, where, and in which shade."""
        eye, found = self.eye, []
        spots = [[eye.spot(point) for point in row] for row in grid]
        normals = _normals(grid, out)
        for j in range(len(grid) - 1):
            for i in range(len(grid[0]) - 1):
                corners = [spots[j][i], spots[j][i + 1], spots[j + 1][i + 1], spots[j + 1][i]]
                if _faces(corners, out):
                    at = _middle(grid, j, i)
                    found.append((eye.depth(at), corners, material(at, _mean(normals, j, i), eye.at)))
        return found

    def outline(self, points: Sequence[Point]) -> Image.Image:
        """The mask of a flat polygon."""
        mask = Image.new("L", SIZE, 0)
        ImageDraw.Draw(mask).polygon([self.eye.spot(point) for point in points], fill=255)
        return mask

    def fill(self, points: Sequence[Point], colour: Colour, alpha: float = 1.0, blur: float = 0,
             within: Image.Image | None = None) -> None:  # fmt: skip
        """A flat polygon, whichever way it faces."""
        spots = [self.eye.spot(point) for point in points]
        box = _box(spots, margin=math.ceil(3 * blur) + 2)
        if box is None:
            return
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        ImageDraw.Draw(mask).polygon(_moved(spots, box), fill=round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(blur)) if blur else mask
        self._paste(colour, box, mask, within)

    def line(self, points: Sequence[Point], colour: Colour, width: float, alpha: float = 1.0,
             within: Image.Image | None = None) -> None:  # fmt: skip
        """Along `points`, where `within` is white."""
        spots = [self.eye.spot(point) for point in points]
        box = _box(spots, margin=math.ceil(width * FINER) + 2)
        if box is None:
            return
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        ImageDraw.Draw(mask).line(
            _moved(spots, box), fill=round(255 * alpha), width=max(1, round(width * FINER)), joint="curve"
        )
        self._paste(colour, box, mask, within)

    def _paste(self, colour: Colour, box: Box, mask: Image.Image, within: Image.Image | None) -> None:
        self.image.paste(colour, box, ImageChops.darker(mask, within.crop(box)) if within is not None else mask)

    def sheet(self, picture: Image.Image, corners: Sequence[Point]) -> None:
        """A flat picture on the quadrilateral `corners`: its top left, top right, bottom right, bottom left."""
        spots = [self.eye.spot(point) for point in corners]
        box = _box(spots)
        if box is None or not _faces([spots[3], spots[2], spots[1], spots[0]], 1):
            return
        size, there = (box[2] - box[0], box[3] - box[1]), _moved(spots, box)
        width, height = picture.size
        here = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
        turned = picture.convert("RGB").transform(
            size, Image.Transform.PERSPECTIVE, _coefficients(there, here), Image.Resampling.BICUBIC
        )
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon(there, fill=255)
        self.image.paste(turned, box[:2], mask)

    def done(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)


def _box(spots: Sequence[Spot], margin: int = 4) -> Box | None:
    """Whole pixels around, within the picture; None when nothing of it is."""
    if not spots:
        return None
    left = max(0, math.floor(min(x for x, _ in spots)) - margin)
    top = max(0, math.floor(min(y for _, y in spots)) - margin)
    right = min(SIZE[0], math.ceil(max(x for x, _ in spots)) + margin)
    bottom = min(SIZE[1], math.ceil(max(y for _, y in spots)) + margin)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _moved(spots: Sequence[Spot], box: Box) -> list[Spot]:
    return [(x - box[0], y - box[1]) for x, y in spots]


def _faces(corners: Sequence[Spot], out: int) -> bool:
    """Whether a part given counter-clockwise, as seen from outside, is seen from outside."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return out * ((cx - ax) * (dy - by) - (cy - ay) * (dx - bx)) < 0


def _grown(corners: Sequence[Spot]) -> list[Spot]:
    """A little larger, so that no seam shows between neighbours."""
    x, y = sum(one[0] for one in corners) / 4, sum(one[1] for one in corners) / 4
    return [(a + (0.55 if a > x else -0.55), b + (0.55 if b > y else -0.55)) for a, b in corners]


def _mean_colour(colours: Sequence[Colour]) -> Colour:
    count = len(colours)
    return (
        sum(one[0] for one in colours) // count,
        sum(one[1] for one in colours) // count,
        sum(one[2] for one in colours) // count,
    )


def _normals(grid: Grid, out: int) -> list[list[Point]]:
    """Of every point, from its neighbours: smooth over the parts."""
    rows, columns = len(grid), len(grid[0])
    found = []
    for j in range(rows):
        row = []
        for i in range(columns):
            along = sub(grid[j][min(i + 1, columns - 1)], grid[j][max(i - 1, 0)])
            up = sub(grid[min(j + 1, rows - 1)][i], grid[max(j - 1, 0)][i])
            x, y, z = unit(cross(along, up))
            row.append((out * x, out * y, out * z))
        found.append(row)
    return found


def _middle(grid: Grid, j: int, i: int) -> Point:
    a, b = grid[j][i], grid[j + 1][i + 1]
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2


def _mean(normals: Sequence[Sequence[Point]], j: int, i: int) -> Point:
    four = (normals[j][i], normals[j][i + 1], normals[j + 1][i + 1], normals[j + 1][i])
    return unit((sum(n[0] for n in four), sum(n[1] for n in four), sum(n[2] for n in four)))


def _coefficients(there: Sequence[Spot], here: Sequence[Spot]) -> list[float]:
    """Of the projection that takes `there` to `here`: eight unknowns, eight equations."""
    rows = []
    for (x, y), (u, v) in zip(there, here, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for n in range(8):
        pivot = max(range(n, 8), key=lambda row: abs(rows[row][n]))
        rows[n], rows[pivot] = rows[pivot], rows[n]
        for row in range(8):
            if row != n:
                by = rows[row][n] / rows[n][n]
                rows[row] = [a - by * b for a, b in zip(rows[row], rows[n], strict=True)]
    return [rows[n][8] / rows[n][n] for n in range(8)]
