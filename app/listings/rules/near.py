"""Names that differ by a letter or two: "Carolla", "Suzki". Found by what is left when letters are dropped."""

from collections.abc import Mapping
from typing import Generic, TypeVar

T = TypeVar("T")
_LONGEST = 30


class Near(Generic[T]):
    """Of names to what they stand for. A name may be one letter off from `shortest` on, two from `long` on."""

    def __init__(self, names: Mapping[str, T], *, shortest: int = 5, long: int = _LONGEST + 1) -> None:
        self._names = names
        self._shortest, self._long = shortest, long
        self._by_rest: dict[str, list[str]] = {}
        for name in names:
            if len(name) >= shortest and name.isalpha():
                for rest in _rests(name, self._allowed(name)):
                    self._by_rest.setdefault(rest, []).append(name)

    def find(self, word: str) -> T | None:
        """What the nearest names stand for; None when that is several things, or the word is short."""
        near = self.candidates(word)
        meant = [self._names[name] for name, apart in near if apart == near[0][1]]
        return meant[0] if meant and all(one is meant[0] for one in meant) else None

    def candidates(self, word: str) -> list[tuple[str, int]]:
        """Names near enough and how many letters apart, the nearest first."""
        if not self._shortest <= len(word) <= _LONGEST or not word.isalpha():
            return []
        rests = _rests(word, 2 if len(word) >= self._long - 1 else 1)
        found = {name for rest in rests for name in self._by_rest.get(rest, ())}
        apart = [(name, distance(word, name)) for name in sorted(found)]
        return sorted((one for one in apart if one[1] <= self._allowed(one[0])), key=lambda one: one[1])

    def _allowed(self, name: str) -> int:
        return 2 if len(name) >= self._long else 1


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change, or swap with their neighbour, each place once (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row, older = row, [at], before
        for to, wanted in enumerate(other, 1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]


def _rests(word: str, drops: int) -> set[str]:
    rests = found = {word}
    for _ in range(drops):
        rests = {rest[:at] + rest[at + 1 :] for rest in rests for at in range(len(rest))}
        found = found | rests
    return found
