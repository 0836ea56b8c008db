"""What may be done to every picture before its sizes are made. Each step says by name what it did.

Blurring number plates and cleaning backgrounds need a model we do not ship: until one is put in their place, these two
leave every picture as it is and say so.
"""

from typing import Protocol

from PIL import Image

UNTOUCHED = "none"


class Step(Protocol):
    name: str

    def apply(self, image: Image.Image) -> tuple[Image.Image, str]:
        """The picture to go on with, and what was done to it."""
        ...


class Untouched:
    """The null step."""

    def __init__(self, name: str) -> None:
        self.name = name

    def apply(self, image: Image.Image) -> tuple[Image.Image, str]:
        return image, UNTOUCHED


STEPS: tuple[Step, ...] = (Untouched("plates"), Untouched("background"))
