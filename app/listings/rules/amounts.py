"""How rupees are spoken of: every spelling of lakh and crore, and the halves and quarters of Urdu."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from app.core.money import UNITS

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "lakh": (
        "l", "lacs", "lakhs", "lk", "lks", "lkh", "lak", "laks", "lakh", "laac", "laakh", "laakhs", "lack", "lacks",
        "lakhz", "lacz",
    ),
    "crore": (
        "c", "cr", "crs", "caror", "karor", "karore", "crore", "crores", "coror", "corore", "corores", "cror", "crors",
        "kror", "krore", "karod",
    ),
    "thousand": ("hazaar", "hzar", "hazaars", "thousand", "thousands", "th", "k"),
    "لاکھ": ("لاکه", "لاکہ", "لاکھوں", "لکھ"),
    "کروڑ": ("کڑور", "کروڈ"),
}  # fmt: skip
_BEHIND_A_FIGURE = tuple(
    (re.compile(rf"(?<=[\d ])(?:{'|'.join(said)})(?![a-z])" if unit.isascii() else "|".join(said)),
     f" {unit}" if unit.isascii() else unit)
    for unit, said in _SPELLINGS.items()
)  # fmt: skip
HALVES: Final = {
    "derh": Decimal("1.5"), "dairh": Decimal("1.5"), "dedh": Decimal("1.5"), "ڈیڑھ": Decimal("1.5"),
    "dhai": Decimal("2.5"), "dhaai": Decimal("2.5"), "ڈھای": Decimal("2.5"), "adha": Decimal("0.5"),
    "aadha": Decimal("0.5"), "ادھا": Decimal("0.5"),
}  # fmt: skip
"""Figures that are words."""
PARTS: Final = {
    **dict.fromkeys(("sarhe", "sarhay", "sadhe", "saadhe", "saarhe", "sarhy", "ساڑھے"), Decimal("0.5")),
    **dict.fromkeys(("sawa", "sava", "سوا"), Decimal("0.25")),
    **dict.fromkeys(("pone", "paune", "ponay", "پونے"), Decimal("-0.25")),
}
"""What the word before a figure adds to it."""
_ALONE = re.compile(rf"(?<!\w)({'|'.join(HALVES)})(?!\w)")
_WITH = re.compile(rf"(?<!\w)({'|'.join(PARTS)})\s+(\d+)(?![\d.])")
WORTH: Final[Mapping[str, int]] = UNITS | {
    said: UNITS[unit] for unit, spellings in _SPELLINGS.items() for said in spellings
}
"""Rupees by the word behind a figure."""


def spelt(text: str) -> str:
    """Spellings of units, and the halves and quarters of Urdu: "sarhe 42 lakh" is 42.5."""
    for pattern, word in _BEHIND_A_FIGURE:
        text = pattern.sub(word, text)
    text = _ALONE.sub(lambda found: str(HALVES[found[1]]), text)
    return _WITH.sub(lambda found: str(Decimal(found[2]) + PARTS[found[1]]), text)


def says_half(text: str) -> bool:
    return _ALONE.search(text) is not None
