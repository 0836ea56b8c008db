"""Pure rules of pictures: what is taken, by its first bytes; how many; and how good a set of them is."""

import re
import struct
from collections.abc import Sequence

from msgspec import Struct

MOST = 12
MOST_BYTES = 20_000_000
MOST_PIXELS = 52_000_000
MOST_SIDE = 20_000
LEAST_SIDE = 100
HEAD_BYTES = 65_536
KINDS = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif")
SENT_WITHIN_S = 3600
NEARLY_THE_SAME = 6
"""Bits in which the looks of two pictures may differ and still be of one picture: saved again, or cut a little."""

MOST_POINTS = 30
_ENOUGH = 8
ANGLES = ("front", "side", "rear")
_BODIES = (
    "sedan", "hatchback", "suv", "crossover", "station_wagon", "mini_van", "van", "mpv", "double_cabin", "pickup",
    "coupe", "convertible",
)  # fmt: skip
_COLOURS = ("white", "silver", "black", "grey", "blue", "red", "beige", "green", "brown", "maroon")
_UPLOAD = re.compile(r"in/([0-9a-f-]{36})/[0-9a-f-]{36}")


class Head(Struct, frozen=True):
    """What the first bytes say: a media type, and the size where they tell it."""

    kind: str
    width: int | None = None
    height: int | None = None


def head(data: bytes) -> Head | None:
    """None for what is no picture that we take, whatever its name or its sender says."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Head("image/png", *_pair(">II", data, 16))
    if data.startswith(b"\xff\xd8\xff"):
        return Head("image/jpeg", *_of_jpeg(data))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Head("image/gif", *_pair("<HH", data, 6))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Head("image/webp")
    if data[4:8] == b"ftyp" and (data[8:12] in (b"avif", b"avis") or b"avif" in data[16:64]):
        return Head("image/avif")
    return None


def _pair(layout: str, data: bytes, at: int) -> tuple[int | None, int | None]:
    return struct.unpack_from(layout, data, at) if len(data) >= at + struct.calcsize(layout) else (None, None)


def _of_jpeg(data: bytes) -> tuple[int | None, int | None]:
    """From the first frame header; none where it comes after what we have read."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + max(2, length)
    return None, None


def fault_of(seen: Head) -> str | None:
    """The code of what is wrong with a picture of that size."""
    if seen.width is None or seen.height is None:
        return None
    if seen.width * seen.height > MOST_PIXELS or max(seen.width, seen.height) > MOST_SIDE:
        return "too_many_pixels"
    return "too_small" if min(seen.width, seen.height) < LEAST_SIDE else None


def upload_key(org_id: object, upload_id: object) -> str:
    return f"in/{org_id}/{upload_id}"


def is_upload_of(key: str, org_id: object) -> bool:
    """Whether `key` is one that this org may have been given a form for."""
    found = _UPLOAD.fullmatch(key)
    return found is not None and found[1] == str(org_id)


def drawings_of(body: str | None, colour: str | None) -> list[str]:
    """The names of our drawings of such a car, the cover first."""
    shape = body if body in _BODIES else "sedan"
    paint = colour if colour in _COLOURS else "silver"
    return [f"{shape}-{paint}-{angle}" for angle in ANGLES]


def points(qualities: Sequence[int]) -> int:
    """0 to 30 for a listing's photos: two thirds for how many there are, one for how good they are."""
    if not qualities:
        return 0
    many = min(1.0, len(qualities) / _ENOUGH)
    good = sum(qualities) / len(qualities) / 100
    return round(MOST_POINTS * (2 * many + good) / 3)


def differs_by(one: int, other: int) -> int:
    """In how many bits two hashes of looks differ."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()
