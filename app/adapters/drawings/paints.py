"""The colours cars come in, as slugs of the catalogue."""

from collections.abc import Mapping

from app.adapters.drawings.light import Colour

PAINTS: Mapping[str, Colour] = {
    "white": (252, 253, 252), "silver": (150, 155, 159), "black": (20, 22, 26), "grey": (92, 97, 103),
    "blue": (28, 66, 132), "red": (150, 24, 28), "beige": (188, 172, 142), "green": (30, 82, 62),
    "brown": (92, 62, 44), "maroon": (92, 18, 32), "gold": (176, 148, 96), "orange": (204, 96, 28),
    "yellow": (214, 176, 44),
}  # fmt: skip
OTHER = "silver"
