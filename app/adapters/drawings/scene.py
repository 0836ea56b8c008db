"""One drawing of one car: the hall, its shadow, far wheels, body, glass, lamps and plates, near wheels."""

from PIL import Image, ImageChops

from app.adapters.drawings import front, ground, rear, roofless, sides, wheels
from app.adapters.drawings.bodies import Body
from app.adapters.drawings.canvas import FINER, HEIGHT, SIZE, WIDTH, Canvas
from app.adapters.drawings.light import Colour, painted
from app.adapters.drawings.shapes import GLASS_SHARES, SHARES, Shapes
from app.adapters.drawings.space import Eye, Frame, Point

# Where the eye stands: turned from straight ahead of the car, and how high above the middle of its body.
TURNS = {"front": 37.0, "side": 90.0, "rear": 180 - 40.0}
_DISTANCE = 7.6


def draw(body: Body, paint: Colour, angle: str) -> Image.Image:
    shapes = Shapes(body)
    eye = Eye(TURNS[angle], 1.18 + 0.3 * (body.height - 1.4), _DISTANCE, 0.62)
    lower, glass = shapes.lower.grid(SHARES), shapes.glass.grid(GLASS_SHARES)
    feet: list[Point] = [(x, s * (body.width / 2 - 0.03), 0.0) for x in body.axles for s in (-1, 1)]
    eye.fit([*(point for row in (*lower, *glass) for point in row), *feet], _frame(angle))
    canvas = Canvas(eye, ground.hall(_horizon(eye)))
    ground.shadow(canvas, body)
    near = 1
    for x in body.axles:
        wheels.draw(canvas, x, body.width / 2 - 0.05, body.wheel, -near)
    coat = painted(paint)
    sides.mirror(canvas, shapes, coat, -near)
    silhouette = canvas.surface(lower, coat)
    canvas.surface(shapes.lower.lid(1.0, 0.045), coat)
    sides.bed(canvas, shapes)
    sides.rails(canvas, shapes, -near)
    if body.roofless:
        roofless.draw(canvas, shapes, near)
    else:
        canvas.surface(glass, coat)
        canvas.surface(shapes.glass.lid(1.0, 0.035), coat)
        sides.rails(canvas, shapes, near)
    _details(canvas, shapes, silhouette, near)
    for x in body.axles:
        _near_wheel(canvas, shapes, silhouette, x, near)
    sides.mirror(canvas, shapes, coat, near)
    return canvas.done()


def _details(canvas: Canvas, shapes: Shapes, silhouette: Image.Image, near: int) -> None:
    if not shapes.body.roofless:
        sides.windows(canvas, shapes, near)
    front.draw(canvas, shapes)
    rear.draw(canvas, shapes)
    sides.doors(canvas, shapes, silhouette, near)


def _near_wheel(canvas: Canvas, shapes: Shapes, silhouette: Image.Image, x: float, near: int) -> None:
    """Seen through its arch and below the body; the body hides the rest."""
    body = shapes.body
    if body.rugged:
        canvas.fill(shapes.arch(x, 1.26, near), (38, 40, 42))
    arch = shapes.arch(x, 1.13, near)
    canvas.fill(arch, (9, 10, 11))
    first, last = arch[0], arch[-1]
    down = [(first[0], first[1], 0.0), *arch, (last[0], last[1], 0.0)]
    open_there = ImageChops.lighter(canvas.outline(down), ImageChops.invert(silhouette))
    wheels.draw(canvas, x, body.width / 2 - 0.035, body.wheel, near, within=open_there)


def _frame(angle: str) -> Frame:
    """A car seen from its side is longer: it fills more of the picture's width."""
    margin = 0.06 if angle == "side" else 0.085
    return Frame(WIDTH * FINER * margin, WIDTH * FINER * (1 - margin), HEIGHT * FINER * 0.13, HEIGHT * FINER * 0.83)


def _horizon(eye: Eye) -> float:
    """Where the floor meets the wall: a few metres behind the car."""
    far = eye.at
    behind = (-far[0] * 0.75, -far[1] * 0.75, 0.0)
    return min(SIZE[1] * 0.72, max(SIZE[1] * 0.4, eye.spot(behind)[1]))
