"""Which trims of a model a question means: every one that has all the words that were said."""

from typing import Final

from msgspec import Struct

from app.listings.rules.names import GEARS
from app.listings.rules.near import distance
from app.search.rules.lexicon import Lexicon
from app.search.rules.naming import Named
from app.search.rules.pieces import Question

_PLAIN: Final = frozenset(("turbo", "comfort", "ultimate", "vtec", "hev", "champ", "automatic", "manual"))
"""Words of trims that any model's advert may have: they tell no trim alone."""


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
    for at, piece in enumerate(question.pieces):
        word = piece.text if piece.text in known else _near(piece.text, known)
        aliased = any(one.start <= at < one.end and one.match.how == "alias" for one in by)
        if not word or not (aliased or question.free(at, at + 1)):
            continue
        if len(word) == 1 and not (at and question.text(at - 1) in said):
            continue  # the X of "Altis X", not of anything
        if any(said | {word} <= words for _slug, _name, words in trims):
            said.add(word)
            spans += [] if aliased else [(at, at + 1)]
    if not said - _PLAIN or all(word.replace(".", "").isdecimal() for word in said):
        return None
    for start, end in spans:
        question.take(start, end)
    return Trimmed(make, model, tuple(slug for slug, _name, words in trims if said <= words), tuple(spans))


def _near(word: str, known: set[str]) -> str | None:
    if len(word) < 5 or not word.isalpha():
        return None
    found = [one for one in sorted(known) if one.isalpha() and len(one) >= 5 and distance(word, one) == 1]
    return found[0] if len(found) == 1 else None
