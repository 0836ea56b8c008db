"""Words of a listing and of a question, folded alike: English and Urdu, any digits, any spelling of a letter."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from app.core.digits import to_latin

# Arabic letters that Urdu keyboards and phones write in several ways; marks and joiners go.
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ہ", "ة": "ہ", "ه": "ہ", "ۃ": "ہ", "أ": "ا", "إ": "ا", "آ": "ا",
     "ؤ": "و", "ـ": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": ""}
)  # fmt: skip
_MARKS = re.compile("[\u064b-\u065f\u0670]")
_WORD = re.compile(r"\w+")
_MOST_WORDS, _LONGEST = 12, 40
_SHORT = 80


def fold(text: str) -> str:
    """The text as words are compared: case, digits, marks and Urdu letter variants do not matter."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", to_latin(text)).translate(_LETTERS).casefold()
    return _MARKS.sub("", plain)


def tokens(text: str) -> list[str]:
    return [word[:_LONGEST] for word in _WORD.findall(fold(text).replace("_", " "))]


@lru_cache(maxsize=20_000)
def _known(text: str) -> tuple[str, ...]:
    """Makes, models, cities and titles come again and again."""
    return tuple(tokens(text))


def weighed(texts: Iterable[tuple[str, str]]) -> str:
    """A tsvector literal of (text, weight A to D): made here, so that no dictionary of the server decides.

    A word stands once, with its best weight: places are for phrases and ranks that nobody asks for, and cost a third
    of the row.
    """
    best: dict[str, str] = {}
    for text, weight in texts:
        for word in _known(text) if len(text) < _SHORT else tokens(text):
            held = best.get(word)
            if held is None or weight < held:
                best[word] = weight
    return " ".join([f"'{word}':1{weight}" for word, weight in best.items()])


def wanted(question: str) -> str:
    """A tsquery literal: every word of the question, or the beginning of one; empty when it has no word."""
    return " & ".join(f"'{word}':*" for word in dict.fromkeys(tokens(question)[:_MOST_WORDS]))


def slug(text: str) -> str:
    """For addresses that people read: Latin letters and digits; empty when the text has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
