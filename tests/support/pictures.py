"""Pictures made on the fly: good ones, odd ones, and those that strangers send to see what breaks."""

import hashlib
import io
import random
import struct
import zlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageDraw

from app.adapters.imaging import Picture

GPS, THUMBNAIL = "Lahore 31.5204 N", b"a thumbnail of the whole picture"


@cache
def scene(width: int = 800, height: int = 600, seed: int = 1) -> Image.Image:
    """Something with edges and light: sky, ground, and a few things on it. Never changed by who gets it."""
    chance = random.Random(seed)
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(width), chance.randrange(height)
        w, h = chance.randrange(20, 1 + width // 4), chance.randrange(20, 1 + height // 4)
        draw.rectangle((x, y, x + w, y + h), fill=tuple(chance.randrange(256) for _ in "rgb"))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def good(seed: int = 1, width: int = 480, height: int = 360, kind: str = "JPEG") -> bytes:
    return saved(scene(width, height, seed), kind, **({"quality": 90} if kind == "JPEG" else {}))


def shot_upright() -> bytes:
    """As a phone held upright keeps it: lying, with a word about how to turn it, and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = GPS
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 31.0, 13.4), 3: "E", 4: (74.0, 21.0, 31.7)})
    return saved(scene(800, 600), exif=exif.tobytes() + THUMBNAIL, comment=b"taken by Ali")


def header_only(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to nothing of it."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + _chunk(
        b"IDAT", zlib.compress(b"\0" * 1000)
    ) + _chunk(b"IEND", b"")  # fmt: skip


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def solid(width: int = 12_000, height: int = 12_000) -> bytes:
    """Small on the wire, 432 MB unpacked."""
    packed = _repeated((b"\0" + b"\xc0" * (3 * width)) * 100, height // 100)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _repeated(content: bytes, times: int) -> bytes:
    """So many times `content` as one zlib stream, packed once: to pack hundreds of megabytes takes seconds."""
    packing, check = zlib.compressobj(9, wbits=-zlib.MAX_WBITS), 1
    packed = packing.compress(content) + packing.flush(zlib.Z_FULL_FLUSH)
    for _ in range(times):
        check = zlib.adler32(content, check)
    return b"\x78\xda" + packed * times + packing.flush() + struct.pack(">I", check)


def film(kind: str, frames: int = 120) -> bytes:
    stills = [Image.new("RGB", (160, 120), (number * 2 % 256, number, 90)) for number in range(frames)]
    return saved(stills[0], kind, save_all=True, append_images=stills[1:], duration=40)


def bomb_in_text() -> bytes:
    """A PNG whose comment unfolds to a gigabyte."""
    words = _repeated(b" " * 1_000_000, 1000)
    whole = saved(scene(200, 150), "PNG")
    at = whole.index(b"IDAT") - 4
    return whole[:at] + _chunk(b"zTXt", b"Comment\0\0" + words) + whole[at:]


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 800 600\n(/etc/passwd) (r) file\n%%EOF\n"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 400

REFUSED: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "svg": (lambda: SVG, 415, "not_a_picture"),
    "eps": (lambda: EPS, 415, "not_a_picture"),
    "heic": (lambda: HEIC, 415, "not_a_picture"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", 415, "not_a_picture"),
    "tiff": (lambda: saved(scene(), "TIFF"), 415, "not_a_picture"),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 415, "not_a_picture"),
    "nothing": (lambda: b"", 415, "not_a_picture"),
    "huge header": (lambda: header_only(100_000, 100_000), 422, "too_many_pixels"),
    "144 megapixels": (solid, 422, "too_many_pixels"),
    "one line": (lambda: header_only(30_000, 1), 422, "too_many_pixels"),
    "a dot": (lambda: saved(Image.new("RGB", (8, 8)), "PNG"), 422, "too_small"),
    "50 MB": (lambda: good() + b"\0" * 50_000_000, 413, "too_large"),
}
"""What is seen at a glance: how it is made, how it is refused."""

FAILING: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated": (lambda: good()[:9_000], "broken"),
    "truncated png": (lambda: _half(saved(scene(), "PNG")), "broken"),
    "header without a body": (lambda: header_only(900, 700), "broken"),
    "a gif of 120 frames": (lambda: film("GIF"), "too_many_frames"),
    "an apng of 120 frames": (lambda: film("PNG"), "too_many_frames"),
    "noise behind a jpeg's first bytes": (lambda: b"\xff\xd8\xff" + random.Random(3).randbytes(9_000), "not_a_picture"),
    "noise behind a webp's": (lambda: b"RIFF\x20\x20\0\0WEBPVP8 " + random.Random(4).randbytes(900), "broken"),
    "noise behind an avif's": (lambda: b"\0\0\0\x1cftypavif" + random.Random(5).randbytes(900), "not_a_picture"),
    "a comment of a gigabyte": (bomb_in_text, "broken"),
}
"""What only a closer look tells."""

TAKEN: dict[str, Callable[[], bytes]] = {
    "jpeg": good,
    "png": lambda: good(kind="PNG"),
    "webp": lambda: good(kind="WEBP"),
    "avif": lambda: good(kind="AVIF"),
    "gif": lambda: good(kind="GIF"),
    "cmyk": lambda: saved(scene().convert("CMYK")),
    "sixteen bits": lambda: saved(Image.new("I;16", (800, 600), 40_000), "PNG"),
    "grey with alpha": lambda: saved(scene().convert("LA"), "PNG"),
    "palette with a clear colour": lambda: saved(scene().quantize(64), "PNG", transparency=3),
    "bad icc": lambda: saved(scene(), icc_profile=b"\0" * 40 + b"acsp" + b"nonsense" * 30),
    "icc of other colours": lambda: saved(scene().convert("L"), icc_profile=_srgb()),
    "gif with html behind it": lambda: good(kind="GIF") + b"<script>alert(1)</script>",
    "jpeg called png": good,
    "upright": shot_upright,
    "a wide strip": lambda: good(width=3000, height=120),
}
"""Odd, and taken all the same."""


_LOOKED_AT: dict[str, tuple[Picture, dict[str, bytes]]] = {}


def looked_at_once(examine: Callable[[Path, Path], Awaitable[Picture]]) -> Callable[[Path, Path], Awaitable[Picture]]:
    """`imaging.examine` for tests of what becomes of a picture: what one test had made, the next need not."""

    async def remembered(source: Path, into: Path) -> Picture:
        content = _checksum(source)
        if content not in _LOOKED_AT:
            picture = await examine(source, into)
            _LOOKED_AT[content] = picture, {file.name: (into / file.name).read_bytes() for file in picture.files}
        picture, files = _LOOKED_AT[content]
        for name, made in files.items():
            (into / name).write_bytes(made)
        return picture

    return remembered


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
