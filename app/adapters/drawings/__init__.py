"""Pictures of cars drawn by us, for stock without photos: every body in its colour, from three sides.

A car is a few dozen figures. They become shells, the shells are lit in a bright hall, and an eye looks at them.
"""

from PIL import Image

from app.adapters.drawings import scene
from app.adapters.drawings.bodies import BODIES
from app.adapters.drawings.paints import OTHER, PAINTS

ANGLES = ("front", "side", "rear")


def draw(body: str, colour: str, angle: str) -> Image.Image:
    """1280 pixels wide. A body or a colour that we do not know is drawn as the nearest we do."""
    return scene.draw(BODIES.get(body, BODIES["sedan"]), PAINTS.get(colour, PAINTS[OTHER]), angle)
