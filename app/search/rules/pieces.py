"""A question cut into pieces: words, figures and the signs between figures, each knowing the word it was typed in."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from app.core.bounds import clean_text
from app.listings.rules.said import plain

_PIECE = re.compile(r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?|[a-z]+|[^\W\d_a-z]+|[-+<>~]")
_FIGURE = re.compile(r"[\d.,]+")
_MARKS = '"“”'
_MOST_TEXT, _MOST_PIECES, _LONGEST = 400, 40, 40
SIGNS: Final = frozenset("-+<>~")


def cut(word: str) -> list[str]:
    return _PIECE.findall(plain(word).replace("'", "").replace("’", ""))


def _quoted(typed: Sequence[str]) -> set[int]:
    """Which words stand in quotation marks: they are looked for as they are."""
    quoted: set[int] = set()
    start: int | None = None
    for at, word in enumerate(typed):
        marks = sum(word.count(mark) for mark in _MARKS)
        if start is None and word[0] in _MARKS and marks == 1 and len(word) > 1:
            start = at
        elif marks and start is not None and word[-1] in _MARKS:
            quoted |= set(range(start, at + 1))
            start = None
        elif marks == 2 and word[0] in _MARKS and word[-1] in _MARKS and len(word) > 2:
            quoted.add(at)
    return quoted


class Piece(Struct, frozen=True):
    """`at`: which of the words that were typed."""

    text: str
    at: int

    @property
    def figure(self) -> bool:
        return self.text[0].isdecimal()


class Question:
    """What of it is still to be understood: `free` pieces are, taken ones were."""

    def __init__(self, text: str) -> None:
        cleaned = clean_text(text)
        self.typed: list[str] = cleaned[:_MOST_TEXT].split()
        self.rest: str = cleaned[_MOST_TEXT:]
        self.pieces: list[Piece] = []
        quoted = _quoted(self.typed)
        for at, word in enumerate(self.typed):
            for found in () if at in quoted else cut(word):
                if len(self.pieces) < _MOST_PIECES and len(found) <= _LONGEST:
                    self.pieces.append(Piece(found.replace(",", "") if _FIGURE.fullmatch(found) else found, at))
        self.taken: list[bool] = [False] * len(self.pieces)

    def __len__(self) -> int:
        return len(self.pieces)

    def text(self, at: int) -> str:
        """Of the piece; empty beyond the ends."""
        return self.pieces[at].text if 0 <= at < len(self.pieces) else ""

    def free(self, start: int, end: int) -> bool:
        return start >= 0 and end <= len(self.pieces) and not any(self.taken[start:end])

    def phrase(self, start: int, end: int) -> str:
        return " ".join(piece.text for piece in self.pieces[start:end])

    def squashed(self, start: int, end: int) -> str:
        """Without the hyphens of "BR-V" and "N-Box"."""
        return "".join(piece.text for piece in self.pieces[start:end] if piece.text not in SIGNS)

    def together(self, start: int, end: int) -> bool:
        """Typed as one word."""
        return self.pieces[start].at == self.pieces[end - 1].at

    def take(self, start: int, end: int) -> None:
        self.taken[start:end] = [True] * (end - start)

    def give_back(self, spans: Sequence[tuple[int, int]]) -> None:
        for start, end in spans:
            self.taken[start:end] = [False] * (end - start)

    def said(self, start: int, end: int) -> str:
        """As it was typed."""
        if start >= end:
            return ""
        first, last = self.pieces[start].at, self.pieces[end - 1].at
        return " ".join(self.typed[first : last + 1])

    def left(self) -> str:
        """The words that were not understood, as they were typed; of a word understood in part the rest."""
        whole: dict[int, list[str]] = {}
        partly: set[int] = set()
        for piece, taken in zip(self.pieces, self.taken, strict=True):
            if taken:
                partly.add(piece.at)
            elif piece.text not in SIGNS:
                whole.setdefault(piece.at, []).append(piece.text)
        covered = {piece.at for piece in self.pieces}
        words = []
        for at, word in enumerate(self.typed):
            if at in whole:
                words.append("".join(whole[at]) if at in partly else word)
            elif at not in covered and any(letter.isalnum() for letter in word):
                words.append(word)
        return " ".join([*words, *self.rest.split()])
