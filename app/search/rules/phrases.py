"""Words of a question that are no names: what they filter by, and which of them say nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from app.listings.rules import values
from app.listings.rules.near import Near
from app.listings.rules.said import tokens

DATA: Final = Path(__file__).resolve().parents[1] / "data"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """`not` are words that mean something in a cell of a sheet, and something else or nothing in a question."""

    meanings: dict[str, dict[str, list[str]]]
    without: list[str] = msgspec.field(name="not")
    noise: list[str]
    common: list[str]
    alike: list[list[str]]


_SAID: Final = msgspec.json.decode((DATA / "phrases.json").read_bytes(), type=_File)


def _key(text: str) -> str:
    return " ".join(tokens(text))


def _meanings() -> dict[str, tuple[str, tuple[str, ...]]]:
    without = {_key(one) for one in _SAID.without}
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for field in ("condition", "assembly", "body", "colour", "transmission", "fuel"):
        for said, value in values.MEANINGS[field].items():
            if said not in without and said not in values.TINTS:
                found[said] = (field, (value,))
    for field, of in _SAID.meanings.items():
        for value, phrases in of.items():
            for phrase in phrases:
                found[_key(phrase)] = (field, tuple(value.split(",")))
    return found


MEANINGS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = _meanings()
"""Field and values by the phrase, words parted by a blank."""
LONGEST: Final = max(phrase.count(" ") + 1 for phrase in MEANINGS)
TINTS: Final = values.TINTS | {"super"}
NOISE: Final = frozenset(_key(one) for one in _SAID.noise)
COMMON: Final = frozenset(_key(one) for one in _SAID.common)
"""Words of adverts that are near the name of a car and never meant one."""
NEAR: Final = Near({phrase: phrase for phrase in MEANINGS if phrase.isalpha() and len(phrase) >= 6}, shortest=6, long=9)
ALIKE: Final[Mapping[str, tuple[str, ...]]] = {
    word: (word, *(other for other in group if other != word))
    for group in ([one for said in of for one in tokens(said)] for of in _SAID.alike)
    for word in group
}
"""Words of adverts with the others that say the same, the word itself first."""
