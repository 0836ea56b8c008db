"""Words that turn a figure into a limit: English, Roman Urdu and Urdu, before it or behind it."""

from typing import Final, Literal

import msgspec
from msgspec import Struct

from app.search.rules.phrases import DATA
from app.search.rules.pieces import Question, cut

Limit = Literal["max", "min", "about", "budget"]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    before: dict[Limit, list[str]]
    behind: dict[Limit, list[str]]
    between: list[str]
    to: list[str]


_SAID: Final = msgspec.json.decode((DATA / "comparing.json").read_bytes(), type=_File)


def _phrases(of: dict[Limit, list[str]]) -> dict[tuple[str, ...], Limit]:
    return {tuple(cut(phrase)): limit for limit, phrases in of.items() for phrase in phrases}


BEFORE: Final = _phrases(_SAID.before)
BEHIND: Final = _phrases(_SAID.behind)
BETWEEN: Final = frozenset(word for one in _SAID.between for word in cut(one))
TO: Final = frozenset(word for one in _SAID.to for word in cut(one))
WORDS: Final = BETWEEN | TO | {word for phrase in (*BEFORE, *BEHIND) for word in phrase}
_LONGEST: Final = max(map(len, (*BEFORE, *BEHIND)))


def before(question: Question, at: int) -> tuple[Limit | None, int]:
    """What the free words that end at `at` say of the figure there, and where they begin."""
    for start in range(max(0, at - _LONGEST), at):
        said = tuple(piece.text for piece in question.pieces[start:at])
        if said in BEFORE and question.free(start, at):
            return BEFORE[said], start
    return None, at


def behind(question: Question, at: int) -> tuple[Limit | None, int]:
    """The same of words that begin at `at`, and where they end."""
    for end in range(min(len(question), at + _LONGEST), at, -1):
        said = tuple(piece.text for piece in question.pieces[at:end])
        if said in BEHIND and question.free(at, end):
            return BEHIND[said], end
    return None, at
