"""XML and JSON are trees: where in one the cars are, which columns they have, and each car as a row."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field

from app.feeds.rules.bounds import MOST_CELL, MOST_COLUMNS, MOST_DEPTH
from app.feeds.rules.unreadable import Unreadable

Path = tuple[str, ...]
_MOST_PATHS = 2_000
_NAMES = frozenset(("name", "key", "label", "title", "attribute", "field"))
_VALUES = frozenset(("value", "text", "content", "val"))
_MANY = "\n"


class Listener(Protocol):
    """What a reader of XML or JSON tells, in order. Lists are nodes of the same name; a leaf named "" is its node."""

    def open(self, name: str) -> None: ...
    def leaf(self, name: str, text: str) -> None: ...
    def close(self) -> None: ...


class _Seen(Struct):
    count: int = 0
    own: int = 0
    leaves: dict[str, None] = field(default_factory=dict)


class Outline:
    """Listens to a whole tree and remembers its shape only."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}
        self._path: Path = ()
        self._frames: list[dict[str, None]] = []
        self._pairs: list[list[tuple[str, str]]] = []

    def open(self, name: str) -> None:
        if len(self._frames) >= MOST_DEPTH:
            raise Unreadable("too_deep")
        self._path = (*self._path, name)
        self._frames.append({})
        self._pairs.append([])

    def leaf(self, name: str, text: str) -> None:
        if self._frames and len(self._frames[-1]) < _MOST_PATHS:
            self._frames[-1][name] = None
            if len(self._pairs[-1]) < 3:
                self._pairs[-1].append((name, text))

    def close(self) -> None:
        leaves, pair = self._frames.pop(), _pair(self._pairs.pop())
        path, self._path = self._path, self._path[:-1]
        seen = self._seen.get(path)
        if seen is None and len(self._seen) < _MOST_PATHS:
            seen = self._seen[path] = _Seen()
        if seen is not None:
            seen.count += 1
            seen.own += 0 if pair else sum(1 for name in leaves if "." not in name and name)
            if len(seen.leaves) < _MOST_PATHS:
                seen.leaves.update(leaves)
        if self._frames:
            above = self._frames[-1]
            if pair is not None:
                leaves = {pair[0]: None}
            if len(above) < _MOST_PATHS:
                above.update(leaves if pair is not None else {_under(path[-1], name): None for name in leaves})

    def record(self, known: Callable[[str], bool]) -> tuple[Path, list[str]]:
        """Which nodes are the cars, and their columns in order of appearance. Raises Unreadable."""
        fit = [(path, seen, sum(map(known, seen.leaves))) for path, seen in self._seen.items() if seen.own]
        most = max((told for _path, _seen, told in fit), default=0)
        if most >= 2:
            fit = [one for one in fit if one[2] >= max(2, 0.6 * most)]
        else:
            fit = [one for one in fit if one[1].count >= 2 and len(one[1].leaves) >= 2]
        if not fit:
            raise Unreadable("unknown_container")
        path, seen, _told = max(fit, key=lambda one: (one[1].count, -len(one[0])))
        return path, list(seen.leaves)


class Rows:
    """Listens to a tree whose cars are at `path`; `found` is for the reader to empty."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        self.found: list[list[str]] = []
        self._path = path
        self._columns = {name: at for at, name in enumerate(columns)}
        self._matched = 0
        self._depth = 0
        self._frames: list[tuple[str, list[tuple[str, str]]]] = []

    def open(self, name: str) -> None:
        if self._depth >= MOST_DEPTH:
            raise Unreadable("too_deep")
        if self._frames:
            self._frames.append((name, []))
        elif self._depth == self._matched and self._depth < len(self._path) and name == self._path[self._depth]:
            self._matched += 1
            if self._matched == len(self._path):
                self._frames.append((name, []))
        self._depth += 1

    def leaf(self, name: str, text: str) -> None:
        if self._frames:
            self._frames[-1][1].append((name, text))

    def close(self) -> None:
        self._depth -= 1
        if self._frames:
            name, leaves = self._frames.pop()
            if not self._frames:
                self._finish(leaves)
            elif (pair := _pair(leaves)) is not None:
                self._frames[-1][1].append(pair)
            else:
                self._frames[-1][1].extend((_under(name, leaf), text) for leaf, text in leaves)
        self._matched = min(self._matched, self._depth)

    def _finish(self, leaves: list[tuple[str, str]]) -> None:
        cells = [""] * len(self._columns)
        for name, text in leaves:
            at = self._columns.get(name)
            if at is not None and text:
                before = cells[at]
                cells[at] = (f"{before}{_MANY}{text}" if before else text)[:MOST_CELL]
        self.found.append(cells)


def columns_within(names: list[str]) -> list[str]:
    return names[:MOST_COLUMNS]


def _under(node: str, leaf: str) -> str:
    return f"{node}.{leaf}" if leaf and node else leaf or node


def _pair(leaves: list[tuple[str, str]]) -> tuple[str, str] | None:
    """`{"name": "Make", "value": "Honda"}` is a column called Make."""
    if len(leaves) != 2:
        return None
    (first, name), (second, value) = leaves
    if first.lower() in _VALUES:
        first, name, second, value = second, value, first, name
    if first.lower() not in _NAMES or second.lower() not in _VALUES or not 0 < len(name) <= 60:
        return None
    return name, value
