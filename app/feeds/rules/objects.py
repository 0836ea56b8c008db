"""JSON as a tree of names and texts: one document, or one a line."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from typing import Any

from ijson import JSONError, sendable_list  # type: ignore[import-untyped]
from ijson.backends import python as ijson  # type: ignore[import-untyped]  # the one in C dies of a long number

from app.feeds.rules.bounds import CHUNK, MOST_CELL, MOST_DEPTH
from app.feeds.rules.trees import Listener
from app.feeds.rules.unreadable import Unreadable

_MOST_TOKEN = 2 * 1024**2
_WORDS = {True: "true", False: "false", None: ""}


def tell(text: TextIOWrapper, listener: Listener) -> Iterator[int]:
    """Reads it to its end, yielding now and then how many characters more it has read. Raises Unreadable."""
    events = sendable_list()
    parser = ijson.basic_parse_coro(events, multiple_values=True)
    teller = _Teller(listener)
    silent = 0
    try:
        for piece in _pieces(text):
            parser.send(piece.replace("\0", "").encode("utf-8", "replace"))
            silent = 0 if events else silent + len(piece)
            if silent > _MOST_TOKEN:  # before it fills the memory
                raise Unreadable("line_too_long")
            teller.tell(events)
            events.clear()
            yield len(piece)
        parser.close()
        teller.tell(events)
    except (JSONError, ValueError, ArithmeticError):
        raise Unreadable("damaged") from None
    finally:
        with suppress(JSONError):
            parser.close()


def _pieces(text: TextIOWrapper) -> Iterator[str]:
    piece = text.read(CHUNK).lstrip("\ufeff")
    while piece:
        yield piece
        piece = text.read(CHUNK)


class _Teller:
    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._keys = [""]
        self._depth = 0

    def tell(self, events: Iterable[tuple[str, Any]]) -> None:
        for event, value in events:
            if event == "map_key":
                self._keys[-1] = value[:200]
            elif event == "start_map":
                self._listener.open(self._keys[-1])
                self._keys.append("")
                self._deeper()
            elif event == "end_map":
                self._keys.pop()
                self._depth -= 1
                self._listener.close()
            elif event == "start_array":
                self._deeper()
            elif event == "end_array":
                self._depth -= 1
            else:
                self._listener.leaf(self._keys[-1], value[:MOST_CELL] if event == "string" else _said(value))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Unreadable("too_deep")


def _said(value: object) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return str(value)[:100]
