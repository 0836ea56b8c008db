"""Rows of CSV and TSV as people's programs write them: any separator, quotes, line ends, and quotes left open."""

import csv
from collections import Counter, deque
from collections.abc import Iterator

from app.feeds.rules.bounds import MOST_LINES_OF_A_ROW
from app.feeds.rules.unreadable import Unreadable

SEPARATORS = (",", ";", "\t", "|")
NONE = "\x1f"
"""For a sheet of one column: it stands in no file."""
_NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "\\t": "\t", "": NONE}
_MOST_CHARACTERS = 120_000


class _LeftOpen(Exception):
    pass


class _Lines(Iterator[str]):
    """Lines for the csv module, which remembers those of the row at hand and takes some back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.of_row: list[str] = []

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        of_row = self.of_row
        of_row.append(line)
        if len(of_row) > 1 and (len(of_row) > MOST_LINES_OF_A_ROW or sum(map(len, of_row)) > _MOST_CHARACTERS):
            raise _LeftOpen
        return line

    def take_back(self) -> str:
        """All lines of the row but its first, which is given."""
        first, *rest = self.of_row
        self._again.extendleft(reversed(rest))
        self.of_row.clear()
        return first


def records(lines: Iterator[str], separator: str, width: int = 0) -> Iterator[list[str]]:
    """Every row, blank ones too. `width` is how many cells one should have, 0 when that is not known.

    A quote that nobody closed would swallow the rows below: such a row is read without quotes.
    Raises Unreadable.
    """
    held = _Lines(lines)
    rows = _reader(held, separator)
    while True:
        held.of_row.clear()
        try:
            row = next(rows)
        except StopIteration:
            return
        except (_LeftOpen, csv.Error):
            if len(held.of_row) < 2:
                raise Unreadable("line_too_long") from None
            row = _without_quotes(held.take_back(), separator)
            rows = _reader(held, separator)
        else:
            if len(held.of_row) > 1 and width and len(row) != width:
                alone = _without_quotes(held.of_row[0], separator)
                if len(alone) == width:
                    held.take_back()
                    row = alone
                    rows = _reader(held, separator)
        yield row


def separator_of(lines: list[str]) -> str:
    """The one by which most rows have the same number of cells, more than one."""
    said = lines[0].strip() if lines else ""
    if said[:4].lower() == "sep=" and len(said) == 5:
        return said[4]
    best, best_score = NONE, (0.0, 0)
    for separator in SEPARATORS:
        try:
            widths = [len(row) for row in records(iter(lines), separator) if "".join(row).strip()]
        except Unreadable:
            continue
        if not widths:
            continue
        width, rows = Counter(widths).most_common(1)[0]
        share = rows / len(widths)
        first_wide = next((one for one in widths if one > 1), 0)
        if width > 1 and (share >= 0.5 or first_wide == width or widths[0] > 1):
            best, best_score = max((best, best_score), (separator, (round(share, 1), width)), key=lambda pair: pair[1])
    return best


def chosen_separator(name: str) -> str:
    """What a person has chosen: the character or its name. Raises Unreadable."""
    separator = _NAMED.get(name.lower(), name)
    if len(separator) != 1 or separator in '"\r\n\0 ' or separator.isalnum():
        raise Unreadable("unknown_separator")
    return separator


def _reader(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=separator, skipinitialspace=separator != " ")


def _without_quotes(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]
