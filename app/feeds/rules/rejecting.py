"""Rows that were not taken, as a sheet: the columns as they came, then what is wrong and what to do about it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.cells import harmless
from app.core.i18n import Lang, _, translate

OURS = ("row", "problem", "hint")
"""Headings of our own columns; a sheet that comes back has them, and they are never imported."""
OTHER = _("The other one is row %(n)s.")


def heading(headers: Sequence[str], _lang: Lang) -> bytes:
    """With a byte order mark: Excel reads UTF-8 only then."""
    return b"\xef\xbb\xbf" + _csv([[*headers, *OURS]])


def lines(rows: Iterable[Any], columns: int, lang: Lang) -> bytes:
    """Rows of schemas.RejectRow."""
    return _csv([*_cells(row.cells, columns), str(row.number), *said(row.problems, lang)] for row in rows)


def said(problems: Sequence[Any], lang: Lang) -> tuple[str, str]:
    """What is wrong with a row, and what to do about it."""
    wrong = [_sentence(one, translate(one.message, lang), lang) for one in problems]
    hints = dict.fromkeys(translate(one.hint, lang) for one in problems if one.hint)
    return " ".join(wrong), " ".join(hints)


def _sentence(problem: Any, message: str, lang: Lang) -> str:
    about = ": ".join(part for part in (problem.column, problem.value) if part)
    other = f" {translate(OTHER, lang) % {'n': problem.other}}" if problem.other else ""
    return f"{about}: {message}{other}" if about else message + other


def _cells(cells: Sequence[str], columns: int) -> list[str]:
    full = [*cells[:columns], *[""] * (columns - len(cells))]
    return [harmless(cell) for cell in full]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
