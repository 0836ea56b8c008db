"""Where the heading of a table is, and what its columns are called."""

from collections import Counter

from msgspec import Struct

from app.feeds.rules.bounds import HEADING_WITHIN, MOST_COLUMNS
from app.feeds.rules.headers import field_of

Records = list[tuple[int, list[str]]]


class Heading(Struct, frozen=True):
    """`row` is 0 when there is none. `raw` is what stands in it, to know it again further down."""

    row: int
    names: tuple[str, ...]
    raw: tuple[str, ...] = ()
    renamed: bool = False


def heading_of(rows: Records) -> Heading:
    """Of the first rows of a table: the one with most names of fields; else the first full row of words."""
    full = [(number, cells) for number, cells in rows if "".join(cells).strip()]
    width = width_of(full)
    best, best_told = None, 0
    for at, (_number, cells) in enumerate(full[:HEADING_WITHIN]):
        told = len({found[0] for cell in cells if _is_name(cell) and (found := field_of(cell.strip()))})
        if told > best_told and (told >= 2 or width == 1):
            best, best_told = at, told
    if best is None:
        best = next((at for at, (_n, cells) in enumerate(full[:HEADING_WITHIN]) if _only_words(cells, width)), None)
        below = full[best + 1 :] if best is not None else []
        if sum(_has_figures(cells) for _number, cells in below) * 2 < len(below) or not below:
            best = None
    if best is None:
        return Heading(0, tuple(f"Column {at + 1}" for at in range(min(width, MOST_COLUMNS))))
    number, raw = full[best]
    above = full[best - 1][1] if best else []
    names = [cell.strip() for cell in raw[:MOST_COLUMNS]]
    for at, cell in enumerate(above[:MOST_COLUMNS]):
        if field_of(cell.strip()) and (at >= len(names) or not names[at]):
            names.extend([""] * (at + 1 - len(names)))
            names[at] = cell.strip()
    below = full[best + 1 :]
    names += [""] * (min(width_of(below, most=2), MOST_COLUMNS) - len(names))
    while names and not names[-1] and not any(len(row) >= len(names) and row[len(names) - 1] for _n, row in below):
        names.pop()
    told_names = distinct(names)
    return Heading(number, told_names, tuple(raw), renamed=list(told_names) != names)


def distinct(names: list[str]) -> tuple[str, ...]:
    """Each column by a name of its own: the second "Price" is "Price (2)", an empty one "Column 3"."""
    used: set[str] = set()
    found = []
    for at, name in enumerate(names):
        wanted = " ".join(name.split())[:100] or f"Column {at + 1}"
        told, n = wanted, 1
        while told in used:
            n += 1
            told = f"{wanted} ({n})"
        used.add(told)
        found.append(told)
    return tuple(found)


def width_of(rows: Records, most: int = 5) -> int:
    """How many cells at least one row in `most` has; a row that slipped by a comma does not count."""
    widths = Counter(len(_trimmed(cells)) for _number, cells in rows)
    total, wider = sum(widths.values()), 0
    for width in sorted(widths, reverse=True):
        wider += widths[width]
        if wider * most >= total:
            return width
    return 0


def _trimmed(cells: list[str]) -> list[str]:
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return cells[:last]


def _is_name(cell: str) -> bool:
    return len(cell) <= 60 and not any(char.isdecimal() for char in cell[:1])


def _only_words(cells: list[str], width: int) -> bool:
    told = [cell for cell in cells if cell.strip()]
    return len(told) * 2 > width and not _has_figures(cells) and all(len(cell) <= 60 for cell in told)


def _has_figures(cells: list[str]) -> bool:
    return any("://" in cell or any(char.isdecimal() for char in cell) for cell in cells)
