"""One spoiled file, read as the desk reads it: a refusal by name is right, any other error is a fault."""

from pathlib import Path

from app.adapters.imaging import making
from app.feeds.rules import Reader, Unreadable, Vocabulary, check, open_sheet, propose
from app.media.rules import head

_VOCABULARY = Vocabulary.shipped()


def read(kind: str, path: Path) -> bool:
    """Whether it was taken."""
    return _image(path) if kind == "image" else _sheet(path)


def _sheet(path: Path) -> bool:
    try:
        sheet = open_sheet(path)
        rows = list(sheet.rows())
    except Unreadable:
        return False
    guesses = propose(sheet.columns, kept=None, vocabulary=_VOCABULARY)
    mapping = {header: guess.field for header, guess in guesses.items() if guess.field}
    check(mapping, sheet.columns)
    reader = Reader(_VOCABULARY, mapping, sheet.columns, learned={}, this_year=2026)
    for row in rows[:200]:
        got = reader.read(row)
        if got.facts is not None:
            str(got).encode()  # no half of a character: the database would not take it
    return True


def _image(path: Path) -> bool:
    head(path.read_bytes())
    try:
        making.opened(path)
    except Exception:  # noqa: BLE001 - as the limited child does: only its death and its endlessness are faults
        return False
    return True
