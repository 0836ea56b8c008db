"""A cell as it is compared: folded, digits in Latin, and whether it says anything at all."""

import re

from app.listings.rules.words import fold

_MISSING = frozenset(
    (
        "", "-", "--", "---", "_", ".", "..", "...", "?", "??", "*", "/", "x", "n/a", "na", "n.a", "n.a.", "n a", "nil",
        "none", "null", "nan", "unknown", "unlisted", "not available", "not applicable", "not mentioned", "not known",
        "not specified", "not given", "tbd", "tba", "#n/a", "#ref!", "#value!", "undefined", "no info", "any", "other",
        "others", "select", "نامعلوم", "معلوم نہیں", "دستیاب نہیں", "نہیں", "نا معلوم",
    )
)  # fmt: skip
_MISSING_FOLDED = frozenset(map(fold, _MISSING))
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[^\W\d_a-z]+")
_DECIMAL_COMMA = str.maketrans(
    {"٫": ".", "٬": ",", "،": ",", "\u00a0": " ", "\u202f": " ", "−": "-", "–": "-", "—": "-"}
)


def plain(value: str) -> str:
    if value.isascii():
        return " ".join(value.lower().split())
    return " ".join(fold(value.translate(_DECIMAL_COMMA)).split())


def missing(folded: str) -> bool:
    """Of a text that is `plain` already."""
    return folded in _MISSING_FOLDED


def tokens(text: str) -> list[str]:
    """Words and figures apart, so that "Corolla2015", "H6" and "1.3L" are two each."""
    return tokens_of(plain(text))


def tokens_of(folded: str) -> list[str]:
    """Of a text that is `plain` already."""
    return _TOKEN.findall(folded.replace("'", "") if "'" in folded else folded)
