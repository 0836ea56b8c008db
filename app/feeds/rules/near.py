"""Names that differ by one letter: "Carolla", "Suzki". Found by what is left when a letter is dropped."""

from collections.abc import Iterable

_SHORTEST = 5


class Near:
    def __init__(self, names: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for name in names:
            if len(name) >= _SHORTEST and name.isalpha():
                for rest in _rests(name):
                    self._by_rest.setdefault(rest, []).append(name)

    def find(self, word: str) -> str | None:
        """The only name one letter away; None when there are several, or the word is short."""
        if not _SHORTEST <= len(word) <= 30 or not word.isalpha():
            return None
        found = {name for rest in _rests(word) for name in self._by_rest.get(rest, ()) if _one_apart(word, name)}
        return found.pop() if len(found) == 1 else None


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
