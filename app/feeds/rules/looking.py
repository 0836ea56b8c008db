"""The first look at a sheet: its columns, what they are taken for, how many rows there are."""

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from app.feeds.rules.files import open_sheet
from app.feeds.rules.mapping import propose
from app.feeds.rules.rejecting import OURS
from app.feeds.rules.sheets import Sheet
from app.feeds.rules.vocabulary import Vocabulary

_COUNTING_S = 2.0


class Seen(Struct, frozen=True):
    """A column and what it is taken for."""

    header: str
    fill: float
    samples: tuple[str, ...]
    field: str | None
    why: str | None


class Shape(Struct, frozen=True):
    format: str
    encoding: str | None
    separator: str | None
    tabs: tuple[str, ...]
    heading_row: int
    columns: tuple[Seen, ...]


class Looked(Struct, frozen=True):
    """`signature` is the same for every sheet with these headers in this order."""

    shape: Shape
    signature: bytes
    total: int | None


def look(
    path: Path,
    name: str,
    vocabulary: Vocabulary,
    *,
    kept: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    tab: str | None = None,
) -> Looked:
    """Raises Unreadable. Takes a second or two of a big file: call it in a thread."""
    sheet = open_sheet(path, name, encoding=encoding, separator=separator, tab=tab)
    guesses = propose(sheet.columns, kept={**(kept or {}), **dict.fromkeys(OURS)}, vocabulary=vocabulary)
    columns = []
    for column in sheet.columns:
        guess = guesses[column.header]
        columns.append(Seen(column.header, round(column.fill, 3), tuple(column.samples), guess.field, guess.why))
    shape = Shape(sheet.format, sheet.encoding, sheet.separator, tuple(sheet.tabs), sheet.heading_row, tuple(columns))
    return Looked(shape, signature(sheet), _count(sheet))


def signature(sheet: Sheet) -> bytes:
    return hashlib.sha256("\0".join(column.header for column in sheet.columns).encode()).digest()


def _count(sheet: Sheet) -> int | None:
    """How many rows there are, where that is quickly told."""
    until, count = time.monotonic() + _COUNTING_S, 0
    for _row in sheet.rows():
        count += 1
        if not count % 1000 and time.monotonic() > until:
            return None
    return count
