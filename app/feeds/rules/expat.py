"""XML in pieces: no DOCTYPE, no entity, no depth and no token beyond bounds; the caller's handlers see the rest."""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from app.feeds.rules.bounds import MOST_DEPTH
from app.feeds.rules.unreadable import Unreadable

_MOST_TOKEN = 2 * 1024**2
"""Bytes of a tag or a comment; the parser keeps one in memory, and reads a long one again with every piece."""


class Parser:
    """Feed it, then close it. Raises Unreadable."""

    def __init__(self, start: Any, end: Any, text: Any) -> None:
        self._start, self._end = start, end
        self._depth = 0
        self._fed = 0
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._starts
        parser.EndElementHandler = self._ends
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype

    def feed(self, piece: str | bytes, *, last: bool = False) -> None:
        self._fed += len(piece.encode("utf-8", "replace")) if isinstance(piece, str) else len(piece)
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError:
            raise Unreadable("damaged") from None
        if self._fed - self._parser.CurrentByteIndex > _MOST_TOKEN:
            raise Unreadable("line_too_long")

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Unreadable("too_deep")
        self._start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def _ends(self, name: str) -> None:
        self._depth -= 1
        self._end(name.rpartition(":")[2] if ":" in name else name)


def pieces(stream: Any, size: int) -> Iterator[Any]:
    while piece := stream.read(size):
        yield piece


def _refuse_doctype(*_said: Any) -> None:
    raise Unreadable("doctype")
