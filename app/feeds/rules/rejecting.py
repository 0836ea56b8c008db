"""Rows that were not taken, as a sheet: the columns as they came, then what is wrong and what to do about it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.cells import harmless
from app.core.i18n import Lang, translate

OURS = ("row", "problem", "hint")
"""Headings of our own columns; a sheet that comes back has them, and they are never imported."""


def heading(headers: Sequence[str], _lang: Lang) -> bytes:
    """With a byte order mark: Excel reads UTF-8 only then."""
    return b"\xef\xbb\xbf" + _csv([[*headers, *OURS]])


def lines(rows: Iterable[Any], columns: int, lang: Lang) -> bytes:
    """Rows of schemas.RejectRow."""
    return _csv([*_cells(row.cells, columns), str(row.number), *said(row.problems, lang)] for row in rows)


def said(problems: Sequence[Any], lang: Lang) -> tuple[str, str]:
    """What is wrong with a row, and what to do about it."""
    wrong = [_sentence(one, translate(one.message, lang)) for one in problems]
    hints = dict.fromkeys(translate(one.hint, lang) for one in problems if one.hint)
    return " ".join(wrong), " ".join(hints)


def _sentence(problem: Any, message: str) -> str:
    about = ": ".join(part for part in (problem.column, problem.value) if part)
    return f"{about}: {message}" if about else message


def _cells(cells: Sequence[str], columns: int) -> list[str]:
    full = [*cells[:columns], *[""] * (columns - len(cells))]
    return [harmless(cell) for cell in full]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
