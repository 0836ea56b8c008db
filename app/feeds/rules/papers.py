"""What sheets say of papers, paint and token tax, in the words a listing keeps; None where it cannot be told."""

import re
from collections.abc import Mapping
from typing import Final

from app.feeds.rules.cells import plain
from app.listings.rules import grade

_DOCUMENTS: Final[Mapping[str, str]] = {
    "open letter": "open_letter", "bank": "bank", "lease": "bank", "financed": "bank", "import": "import_papers",
    "duplicate": "duplicate", "missing": "missing", "lost": "missing", "no file": "missing", "not available": "missing",
    "original": "original", "complete": "original", "clear": "original", "اصل": "original", "مکمل": "original",
    "ڈپلیکیٹ": "duplicate", "گم": "missing",
}  # fmt: skip
_PAINT: Final[Mapping[str, str]] = {
    "total genuine": "genuine", "bumper to bumper": "genuine", "genuine": "genuine", "original": "genuine",
    "touch": "touched", "minor": "touched", "panel": "panels", "piece": "panels", "shower": "showered",
    "repaint": "repainted", "full paint": "repainted", "اصل": "genuine", "جینوئن": "genuine", "شاور": "showered",
    "ٹچ": "touched",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\b(20\d{2})\b")
_NUMBERED = re.compile(r"\b(?:(20\d{2})[-/.](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.](20\d{2}))\b")


def documents(said: str) -> str | None:
    return _first(said, _DOCUMENTS)


def paint(said: str) -> str | None:
    """The worst that is said: a car that is genuine but for a touched panel is touched."""
    found = _every(said, _PAINT)
    return max(found, key=("genuine", "touched", "panels", "showered", "repainted").index) if found else None


def token_paid_to(said: str) -> str | None:
    """A month like 2027-06, or `lifetime`; a year alone is paid to its last month of June."""
    text = plain(said)
    if "life" in text or "تاحیات" in text:
        return "lifetime"
    numbered = _NUMBERED.search(text)
    if numbered:
        year, month = (numbered[1], numbered[2]) if numbered[1] else (numbered[4], numbered[3])
        return f"{year}-{int(month):02d}"
    year_said = _YEAR.search(text)
    if year_said is None:
        return None
    month_said = next((at for at, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", text)), 6)
    return f"{year_said[1]}-{month_said:02d}"


def auction_grade(said: str) -> str | None:
    return grade(said)


def _first(said: str, words: Mapping[str, str]) -> str | None:
    return next(iter(_every(said, words)), None)


def _every(said: str, words: Mapping[str, str]) -> list[str]:
    text = plain(said)
    return [meaning for word, meaning in words.items() if plain(word) in text]
