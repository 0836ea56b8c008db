"""What somebody typed, cut into words and figures: the cell of a sheet, a title, a question to the market."""

import re

from app.listings.rules.words import fold

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[^\W\d_a-z]+")
_DECIMAL_COMMA = str.maketrans(
    {"٫": ".", "٬": ",", "،": ",", "\u00a0": " ", "\u202f": " ", "−": "-", "–": "-", "—": "-"}
)


def plain(value: str) -> str:
    if value.isascii():
        return " ".join(value.lower().split())
    return " ".join(fold(value.translate(_DECIMAL_COMMA)).split())


def tokens(text: str) -> list[str]:
    """Words and figures apart, so that "Corolla2015", "H6" and "1.3L" are two each."""
    return tokens_of(plain(text))


def tokens_of(folded: str) -> list[str]:
    """Of a text that is `plain` already."""
    return _TOKEN.findall(folded.replace("'", "") if "'" in folded else folded)


def squash(name: str) -> str:
    return "".join(tokens(name))
