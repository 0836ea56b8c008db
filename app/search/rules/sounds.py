"""Words that sound alike: "kerola" and "corolla", "sivic" and "civic", فارچونر and فورچیونر."""

import re
from functools import lru_cache

_HEARD = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"ph", "f"), (r"ck", "k"), (r"kh|gh(?=[aeiou])", "k"), (r"q(?:u(?=[aeiou]))?", "k"), (r"x", "ks"),
        (r"ch|tch", "C"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"C", "c"), (r"sh|sch", "s"),
        (r"([tdbgj])h", r"\1"), (r"z", "s"), (r"w", "v"),
        (r"ee|ea|ie|ei|ey|ai|ay", "i"), (r"oo|ou|ow|au", "u"), (r"y", "i"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_ALIKE = str.maketrans(
    {"ص": "س", "ث": "س", "ذ": "ز", "ض": "ز", "ظ": "ز", "ح": "ہ", "ھ": "ہ", "ط": "ت", "ق": "ک", "ع": "ا", "ں": "ن",
     "ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ے": "ی"}
)  # fmt: skip
_VOWELS = re.compile("[aeiouاوی]")
_FEWEST = 3
"""Consonants that a word must have to be told by them alone."""


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Of a folded word, in its own script."""
    word = word.translate(_ALIKE)
    for pattern, heard in _HEARD:
        word = pattern.sub(heard, word)
    return word


def bones(heard: str) -> str:
    """The consonants of a `sound`, with a vowel it begins with; empty when they are too few."""
    if not heard:
        return ""
    first = "a" if _VOWELS.match(heard) else ""
    rest = _VOWELS.sub("", heard)
    return first + rest if len(rest) >= _FEWEST else ""
