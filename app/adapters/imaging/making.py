"""A stranger's picture made ours: opened, upright, in plain colours, without anything but its pixels, in our sizes."""

import hashlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from app.adapters import drawings
from app.adapters.imaging import colours, looks
from app.adapters.imaging.steps import STEPS

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
# Phones of the bazaar take 50 megapixels; what needs more memory than that is refused by its header.
MOST_PIXELS = 52_000_000
MOST_SIDE = 20_000
LEAST_SIDE = 100
MOST_FRAMES = 100
WIDTHS = (320, 640, 1280)
_SAVED: dict[str, dict[str, Any]] = {
    "avif": {"quality": 55, "speed": 8, "max_threads": 1},
    "webp": {"quality": 76, "method": 4},
    "jpg": {"quality": 82, "optimize": True, "progressive": True},
}
_NAMES = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
# Browsers without AVIF and WebP get one of two JPEGs; nobody needs a third.
_JPEG_WIDTHS = WIDTHS[1:]


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def examine(source: Path, into: Path) -> dict[str, Any]:
    image, (width, height) = opened(source)
    seen = looks.seen(image, width * height)
    done: dict[str, str] = {}
    for step in STEPS:
        image, done[step.name] = step.apply(image)
    return {"picture": {"width": width, "height": height, **seen, "steps": done, "files": renditions(image, into)}}


def draw(into: Path, names: Sequence[str]) -> dict[str, Any]:
    """Drawings of ours, `body-colour-angle`, each in a directory of its name."""
    drawn = {}
    for name in names:
        (into / name).mkdir()
        image = drawings.draw(*name.split("-"))
        size = {"width": image.width, "height": image.height, "steps": {}}
        drawn[name] = {
            **size, **looks.seen(image, image.width * image.height), "files": renditions(image, into / name)
        }  # fmt: skip
    return {"drawn": drawn}


def opened(source: Path) -> tuple[Image.Image, tuple[int, int]]:
    """Upright RGB of the first frame, and its size as sent. Raises Refused, or whatever a decoder stumbles over."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=FORMATS) as image:
            _check(image)
            size = image.size
            image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))  # a JPEG need not be unfolded whole
            image.load()
            upright = ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        raise Refused("not_a_picture") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_many_pixels") from None
    turned = (upright.width > upright.height) != (size[0] > size[1])
    return colours.plain(upright), (size[::-1] if turned else size)


def _check(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Refused("too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        raise Refused("too_small")
    if image.format in ("GIF", "PNG", "WEBP", "AVIF") and _has_frame(image, MOST_FRAMES):
        raise Refused("too_many_frames")


def _has_frame(image: Image.Image, number: int) -> bool:
    try:
        image.seek(number)
    except (EOFError, ValueError):
        return False
    finally:
        image.seek(0)
    return True


def renditions(image: Image.Image, into: Path) -> list[dict[str, Any]]:
    """Every size that is not larger than the picture, and its own where it is smaller than them all."""
    made = []
    widths = [width for width in WIDTHS if width < image.width] or []
    if len(widths) < len(WIDTHS):
        widths.append(image.width)
    for width in widths:
        height = max(1, round(image.height * width / image.width))
        sized = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
        for extension, options in _SAVED.items():
            if extension != "jpg" or width in _JPEG_WIDTHS or width == widths[-1]:
                path = into / f"{width}.{extension}"
                sized.save(path, _NAMES[extension], **options)
                made.append(_told(path, extension, width, height))
    return made


def _told(path: Path, extension: str, width: int, height: int) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": path.name,
        "format": extension,
        "width": width,
        "height": height,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
