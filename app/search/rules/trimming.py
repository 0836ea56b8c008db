"""Which trims of a model a question means: every one that has all the words that were said."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from app.listings.rules.names import GEARS
from app.listings.rules.near import distance
from app.listings.rules.said import tokens
from app.search.rules.lexicon import Lexicon
from app.search.rules.naming import Named
from app.search.rules.pieces import Question

_PLAIN: Final = frozenset(("turbo", "comfort", "ultimate", "vtec", "hev", "champ", "automatic", "manual"))
"""Words of trims that any model's advert may have: they tell no trim alone."""


_LETTERS: Final = {
    name: letter
    for letter, names in {
        "a": "اے", "b": "بی", "c": "سی", "d": "ڈی", "e": "ای", "f": "ایف", "g": "جی", "h": "ایچ", "i": "آئی", "j": "جے",
        "k": "کے", "l": "ایل", "m": "ایم", "n": "این", "o": "او", "p": "پی", "q": "کیو", "r": "آر", "s": "ایس",
        "t": "ٹی", "u": "یو", "v": "وی", "w": "ڈبلیو", "x": "ایکس", "y": "وائی", "z": "زیڈ",
    }.items()
    for name in tokens(names)
}  # fmt: skip
"""Latin letters as Urdu spells them out: VXR is وی ایکس آر."""


class Trimmed(Struct, frozen=True):
    """Slugs of the trims that fit."""

    make: str
    model: str
    trims: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def model_of_trim(question: Question, lexicon: Lexicon, makes: set[str]) -> tuple[str, str, int] | None:
    """Make, model and place of a free word that only one model's trims have: "Oriel 2018"."""
    for at, piece in enumerate(question.pieces):
        owner = lexicon.owners.get(piece.text) if question.free(at, at + 1) else None
        if owner and piece.text not in _PLAIN | GEARS and (not makes or owner[0] in makes):
            return (*owner, at)
    return None


def trims_of(question: Question, lexicon: Lexicon, make: str, model: str, by: list[Named]) -> Trimmed | None:
    """Their words are taken. `by`: what named the model; "Revo" is a word of its trims too."""
    trims = lexicon.trims.get((make, model), [])
    known = {word for _slug, _name, words in trims for word in words} - GEARS
    spans: list[tuple[int, int]] = []
    said: set[str] = set()
    for start, end, word in _words(question, lexicon, known):
        aliased = any(one.start <= start < one.end and one.match.how == "alias" for one in by)
        if not (aliased or question.free(start, end)):
            continue
        if len(word) == 1 and not (start and question.text(start - 1) in said):
            continue  # the X of "Altis X", not of anything
        if any(said | {word} <= words for _slug, _name, words in trims):
            said.add(word)
            spans += [] if aliased else [(start, end)]
    if not said - _PLAIN or all(word.replace(".", "").isdecimal() for word in said):
        return None
    for start, end in spans:
        question.take(start, end)
    return Trimmed(make, model, tuple(slug for slug, _name, words in trims if said <= words), tuple(spans))


def _words(question: Question, lexicon: Lexicon, known: set[str]) -> Iterator[tuple[int, int, str]]:
    """Words of the model's trims, with where they stand: as they are, with a slip, in Urdu, spelt out in Urdu."""
    at = 0
    while at < len(question):
        end = at
        while question.text(end) in _LETTERS:
            end += 1
        spelt = "".join(_LETTERS[question.text(one)] for one in range(at, end))
        if len(spelt) > 1 and spelt in known:
            yield at, end, spelt
            at = end
            continue
        text = question.text(at)
        word = text if text in known else lexicon.trim_words.get(text) or _near(text, known)
        if word in known:
            yield at, at + 1, word
        at += 1


def _near(word: str, known: set[str]) -> str | None:
    if len(word) < 5 or not word.isalpha():
        return None
    found = [one for one in sorted(known) if one.isalpha() and len(one) >= 5 and distance(word, one) == 1]
    return found[0] if len(found) == 1 else None
