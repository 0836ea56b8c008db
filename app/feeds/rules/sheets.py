"""A sheet once it is understood: its columns, and its rows in order."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import islice
from typing import Literal

from msgspec import Struct

from app.feeds.rules.bounds import MOST_CELL, SAMPLED_ROWS
from app.feeds.rules.tables import Heading
from app.feeds.rules.unreadable import Unreadable

Format = Literal["csv", "tsv", "xlsx", "xml", "json"]
Records = Generator[tuple[int, list[str]], None, None]
_MOST_SEEN = 60
_LONGEST_SAMPLE = 120


class Column(Struct, frozen=True):
    """`fill` is the share of the sampled rows that have it; `seen` are distinct values to judge a column by."""

    index: int
    header: str
    fill: float
    samples: tuple[str, ...]
    seen: tuple[str, ...] = ()


class SheetRow(Struct, frozen=True):
    """`number` as a person counts rows, the heading included; `extra` are cells beyond the columns."""

    number: int
    cells: tuple[str, ...]
    extra: tuple[str, ...] = ()


class Sheet(Struct, frozen=True):
    """`notes` are keys of `words.NOTES`. `separator` is empty for formats that have none, `tab` for all but XLSX."""

    format: Format
    encoding: str
    separator: str
    tabs: tuple[str, ...]
    tab: str
    heading_row: int
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    heading: Heading
    reread: Callable[[], Records]

    def rows(self, after: int = 0) -> Iterator[SheetRow]:
        """Streamed. Blank rows and repeated headings are left out. May raise Unreadable where a file breaks off."""
        return _rows(self.reread(), self.heading, after)


def sheet_of(
    *,
    format: Format,  # noqa: A002
    encoding: str,
    separator: str,
    heading: Heading,
    notes: list[str],
    reread: Callable[[], Records],
    tabs: tuple[str, ...] = (),
    tab: str = "",
) -> Sheet:
    """With its columns looked at. Raises Unreadable."""
    with closing(reread()) as stream:
        sample = list(islice(_rows(stream, heading, 0), SAMPLED_ROWS))
    if not sample:
        raise Unreadable("no_rows")
    if any(len(cell) >= MOST_CELL for row in sample for cell in row.cells):
        notes.append("long_cells")
    columns = tuple(_column(at, header, sample) for at, header in enumerate(heading.names))
    return Sheet(
        format=format,
        encoding=encoding,
        separator=separator,
        tabs=tabs,
        tab=tab,
        heading_row=heading.row,
        columns=columns,
        notes=tuple(dict.fromkeys(notes)),
        heading=heading,
        reread=reread,
    )


def _column(at: int, header: str, sample: list[SheetRow]) -> Column:
    values = [value for row in sample if (value := row.cells[at].strip())]
    seen = tuple(islice(dict.fromkeys(value[:_LONGEST_SAMPLE] for value in values), _MOST_SEEN))
    return Column(index=at, header=header, fill=round(len(values) / len(sample), 4), samples=seen[:3], seen=seen)


def _rows(stream: Records, heading: Heading, after: int) -> Iterator[SheetRow]:
    width, raw = len(heading.names), list(heading.raw)
    first = max(after, heading.row)
    padding = [[""] * missing for missing in range(width + 1)]
    for number, cells in stream:
        if number <= first or not "".join(cells).strip() or cells == raw:
            continue
        missing = width - len(cells)
        if missing == 0:
            yield SheetRow(number, tuple(cells))
        elif missing > 0:
            yield SheetRow(number, tuple(cells + padding[missing]))
        else:
            extra = tuple(cell for cell in cells[width:] if cell.strip())
            yield SheetRow(number, tuple(cells[:width]), extra)
