"""Good files made bad: bytes changed, pieces cut, doubled and mixed, numbers and nesting that no reader expects."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.feeds import made
from tests.support import pictures

PIECES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n\r\n", b"<", b">", b"</",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&lt;", b"&#0;", b"&#x110000;", b"&amp", b'<!DOCTYPE x [<!ENTITY a "b">]>',
    b"[", b"]", b"{", b"}", b":", b"[" * 500, b"<a>" * 500, b"null", b"true", b"NaN", b"-Infinity", b"1e999999999",
    b"-" * 50, b"9" * 5000, b"0." + b"1" * 5000, b"\\u0000", b"\\ud800", b"\\", b"\xf0\x9f\x9a\x97", b"\xd9\xab",
    "۴۲٫۵ لاکھ".encode(), "²½①".encode(), b"crore", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"\x7f" * 9, b"",
)  # fmt: skip
Chance = random.Random


def bytes_of(chance: Chance, seeds: tuple[bytes, ...]) -> bytes:
    """One of the seeds after one to eight changes."""
    raw = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(raw) + 1), chance.choice((1, 1, 2, 4, 16, 200))
        how = chance.randrange(6)
        if how == 0:
            raw[at : at + length] = chance.randbytes(length)
        elif how == 1:
            raw[at:at] = chance.choice(PIECES)
        elif how == 2:
            del raw[at : at + length]
        elif how == 3:
            raw[at:at] = raw[at : at + length] * chance.choice((1, 2, 50))
        elif how == 4:
            other = chance.choice(seeds)
            raw[at:] = other[chance.randrange(len(other)) :]
        else:
            raw[at : at + length] = chance.choice(PIECES)
    return bytes(raw[: 4 * 1024**2])


def _csv() -> tuple[bytes, ...]:
    encodings = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
    parts = [made.text(separator=mark).encode(code) for mark in (",", ";", "\t", "|") for code in encodings]
    return (*parts, made.text(end="\r").encode(), made.text(made.ROWS).encode())


def _xml() -> tuple[bytes, ...]:
    return (made.xml().encode(), made.xml("rss", "item").encode("utf-16"), made.LAUGHS.encode(), made.XXE.encode())


def _json() -> tuple[bytes, ...]:
    cars = [dict(zip(made.HEADING, row, strict=True)) for row in made.ROWS]
    deep = {
        "data": {"list": [{"car": car, "images": ["a", {"url": "b"}], "year": 2015.5, "sold": None} for car in cars]}
    }
    lines = "\n".join(map(json.dumps, cars))
    return (
        json.dumps(cars).encode(),
        json.dumps(deep, indent=1).encode(),
        lines.encode(),
        json.dumps(cars).encode("utf-16"),
    )


def _workbook() -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        by_hand = made.raw_workbook(Path(folder), made.sheet_xml()).read_bytes()
        by_library = made.workbook(
            Path(folder), lambda book: [book.active.append(row) for row in (made.HEADING, *made.ROWS)]
        )
        return (by_hand, by_library.read_bytes())


def _archive() -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        lying = made.lying(Path(folder), 1000).read_bytes()
    return (
        made.zipped(made.text().encode()),
        made.gzipped(made.text().encode()),
        made.zipped(made.xml().encode()),
        lying,
    )


def _image() -> tuple[bytes, ...]:
    kinds = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
    return (*(pictures.good(1, 160, 120, kind) for kind in kinds), pictures.shot_upright()[:40_000])


SEEDS: dict[str, Callable[[], tuple[bytes, ...]]] = {
    "csv": _csv, "xml": _xml, "json": _json, "xlsx": _workbook, "archive": _archive, "image": _image,
}  # fmt: skip


def inside(chance: Chance, packed: bytes) -> bytes:
    """A zip file like `packed` with one of its entries spoiled, so that the spoiled bytes are really unpacked."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        spoiled = chance.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, bytes_of(chance, (content,)) if name == spoiled else content)
    return held.getvalue()


def made_bad(kind: str, number: int, seed: int, seeds: tuple[bytes, ...]) -> bytes:
    """The file of that number: always the same one."""
    chance = Chance(f"{seed} {kind} {number}")
    if kind == "xlsx" and chance.random() < 0.7:
        return inside(chance, chance.choice(seeds))
    return bytes_of(chance, seeds)
