"""Names that differ by one letter: "Carolla", "Suzki". Found by what is left when a letter is dropped."""

from collections.abc import Mapping
from typing import Generic, TypeVar

T = TypeVar("T")
_SHORTEST = 5


class Near(Generic[T]):
    """Of names to what they stand for."""

    def __init__(self, names: Mapping[str, T]) -> None:
        self._names = names
        self._by_rest: dict[str, list[str]] = {}
        for name in names:
            if len(name) >= _SHORTEST and name.isalpha():
                for rest in _rests(name):
                    self._by_rest.setdefault(rest, []).append(name)

    def find(self, word: str) -> T | None:
        """What the names one letter away stand for; None when that is several things, or the word is short."""
        if not _SHORTEST <= len(word) <= 30 or not word.isalpha():
            return None
        found = {name for rest in _rests(word) for name in self._by_rest.get(rest, ()) if _one_apart(word, name)}
        meant = [self._names[name] for name in sorted(found)]
        return meant[0] if meant and all(one is meant[0] for one in meant) else None


def _rests(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _one_apart(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    tails = one[start:], other[start:]
    if len(one) == len(other):
        swapped = len(tails[0]) > 1 and tails[0][:2] == tails[1][1::-1] and tails[0][2:] == tails[1][2:]
        return swapped or tails[0][1:] == tails[1][1:]
    longer, shorter = (tails[0], tails[1]) if len(one) > len(other) else (tails[1], tails[0])
    return longer[1:] == shorter
