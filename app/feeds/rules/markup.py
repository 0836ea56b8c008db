"""XML as a tree of names and texts. Prefixes go, attributes are leaves, `<attribute name="Make">` is a leaf Make."""

import re
from collections.abc import Iterator, Mapping
from io import TextIOWrapper

from app.feeds.rules.bounds import CHUNK, MOST_CELL
from app.feeds.rules.expat import Parser, pieces
from app.feeds.rules.trees import Listener

_PAIRS = frozenset(
    ("attribute", "field", "param", "parameter", "property", "spec", "detail", "option", "column", "data")
)
_NAMED = ("name", "key", "label")
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?(?:<!doctype\s+html|<(?:html|head|body|table|script|div)\b)",
    re.IGNORECASE | re.DOTALL,
)


class _Node:
    __slots__ = ("attributes", "length", "name", "opened", "text")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = {_plain(key): value for key, value in attributes.items() if not key.startswith("xmlns")}
        self.text: list[str] = []
        self.length = 0
        self.opened = False


def is_page(beginning: str) -> bool:
    """A page of the web rather than a feed."""
    return _HTML.match(beginning.lstrip("\ufeff")) is not None


def tell(text: TextIOWrapper, listener: Listener) -> Iterator[int]:
    """Reads it to its end, yielding after each piece how many characters it had. Raises Unreadable."""
    nodes: list[_Node] = []

    def open_node(node: _Node) -> None:
        node.opened = True
        listener.open(node.name)
        for name, value in node.attributes.items():
            listener.leaf(name, value[:MOST_CELL])

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if nodes and not nodes[-1].opened:
            open_node(nodes[-1])
        nodes.append(_Node(name, attributes))

    def end(_name: str) -> None:
        node = nodes.pop()
        said = "".join(node.text).strip()
        named = _name_of(node) if node.attributes and not node.opened else None
        if node.opened:
            listener.close()
        elif named is not None:
            listener.leaf(named, said or node.attributes.get("value", "")[:MOST_CELL])
        elif node.attributes or not nodes:
            open_node(node)
            if said:
                listener.leaf("", said)
            listener.close()
        else:
            listener.leaf(node.name, said)

    def characters(said: str) -> None:
        node = nodes[-1]
        if node.length < MOST_CELL:
            node.text.append(said[: MOST_CELL - node.length])
            node.length += len(said)

    parser = Parser(start, end, characters)
    first = True
    for piece in pieces(text, CHUNK):
        length, clean = len(piece), _UNFIT.sub("", piece) if not piece.isprintable() else piece
        if first:
            clean = clean.lstrip("\ufeff \r\n\t")
            first = not clean
        if clean:
            parser.feed(clean)
        yield length
    parser.feed("", last=True)
    yield 0


def _name_of(node: _Node) -> str | None:
    """What an `<attribute name="Make">` is called, by its own saying."""
    if node.name.lower() not in _PAIRS:
        return None
    return next((said for key in _NAMED if 0 < len(said := node.attributes.get(key, "").strip()) <= 60), None)


def _plain(name: str) -> str:
    return name.rpartition(":")[2]
