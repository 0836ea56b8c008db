"""JSON as a tree of names and texts: one document, or one a line."""

from collections.abc import Iterator
from io import TextIOWrapper

import ijson  # type: ignore[import-untyped]

from app.feeds.rules.bounds import CHUNK, MOST_CELL, MOST_DEPTH
from app.feeds.rules.trees import Listener
from app.feeds.rules.unreadable import Unreadable

_MOST_TOKEN = 2 * 1024**2
_WORDS = {True: "true", False: "false", None: ""}


class _Bytes:
    """The characters as UTF-8 for ijson; a token that does not end is refused before it fills the memory."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._first = True
        self.silent = 0
        self.read_so_far = 0

    def read(self, size: int = CHUNK) -> bytes:
        if size == 0:
            return b""
        piece = self._text.read(CHUNK)
        if self._first:
            piece, self._first = piece.lstrip("\ufeff"), not piece
        self.silent += len(piece)
        self.read_so_far += len(piece)
        if self.silent > _MOST_TOKEN:
            raise Unreadable("line_too_long")
        return piece.replace("\0", "").encode("utf-8", "replace")


def tell(text: TextIOWrapper, listener: Listener) -> Iterator[int]:
    """Reads it to its end, yielding now and then how many characters more it has read. Raises Unreadable."""
    stream = _Bytes(text)
    told = 0
    keys: list[str] = [""]
    lists: list[bool] = []
    try:
        for event, value in ijson.basic_parse(stream, buf_size=CHUNK, multiple_values=True):
            stream.silent = 0
            if event == "map_key":
                keys[-1] = value[:200]
            elif event == "start_map":
                listener.open(keys[-1])
                keys.append("")
                lists.append(False)
            elif event == "end_map":
                keys.pop()
                lists.pop()
                listener.close()
                if stream.read_so_far > told:
                    yield stream.read_so_far - told
                    told = stream.read_so_far
            elif event == "start_array":
                lists.append(True)
                if len(lists) > MOST_DEPTH:
                    raise Unreadable("too_deep")
            elif event == "end_array":
                lists.pop()
            else:
                listener.leaf(keys[-1], value[:MOST_CELL] if event == "string" else _said(value))
    except (ijson.JSONError, ValueError, ArithmeticError):
        raise Unreadable("damaged") from None
    yield stream.read_so_far - told


def _said(value: object) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return str(value)[:100]
