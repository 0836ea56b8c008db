"""Which column is which field: as it was last time, else by its heading, else by what stands in it."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from msgspec import Struct

from app.feeds.rules.content import content_of, fits
from app.feeds.rules.headers import FIELDS, REPEATED, field_of, plain
from app.feeds.rules.sheets import Column
from app.feeds.rules.vocabulary import Vocabulary

Why = Literal["kept", "header", "content"]
_TIMID: Final = 0.5
"""A guess below this is none: the column is not imported until somebody says so."""


class Guess(Struct, frozen=True):
    """No field: don't import. `why` is None where nothing is known of the column."""

    field: str | None
    why: Why | None
    confidence: float


class MappingProblem(Struct, frozen=True):
    """`code` is a key of `words.MAPPINGS`."""

    code: str
    field: str | None
    columns: tuple[str, ...]


def propose(
    columns: Iterable[Column], *, kept: Mapping[str, str | None] | None, vocabulary: Vocabulary
) -> dict[str, Guess]:
    """A guess for every heading; no field twice, but for photos."""
    every = list(columns)
    guesses: dict[str, Guess] = {}
    taken: set[str] = set()
    before = {plain(header): field for header, field in (kept or {}).items()}
    for column in every:
        name = plain(column.header)
        if name in before and (before[name] is None or before[name] in FIELDS):
            _take(guesses, taken, column.header, Guess(before[name], "kept", 1.0))
    offers = [
        (offer, column) for column in every if column.header not in guesses for offer in _offers(column, vocabulary)
    ]
    offers.sort(key=lambda one: (one[0].confidence, one[0].why == "header", one[1].fill), reverse=True)
    for offer, column in offers:
        if column.header not in guesses:
            _take(guesses, taken, column.header, offer)
    return {column.header: guesses.get(column.header, Guess(None, None, 0.0)) for column in every}


def check(mapping: Mapping[str, str | None], columns: Iterable[Column] | None = None) -> list[MappingProblem]:
    """What is wrong with it; empty when a run may start."""
    problems: list[MappingProblem] = []
    known = {column.header for column in columns} if columns is not None else None
    by_field: dict[str, list[str]] = {}
    for header, field in mapping.items():
        if known is not None and field is not None and header not in known:
            problems.append(MappingProblem("unknown_column", field, (header,)))
        if field is not None and field not in FIELDS:
            problems.append(MappingProblem("unknown_field", field, (header,)))
        elif field is not None:
            by_field.setdefault(field, []).append(header)
    problems += [
        MappingProblem("same_field", field, tuple(headers))
        for field, headers in by_field.items()
        if len(headers) > 1 and field not in REPEATED
    ]
    if "title" not in by_field and "model" not in by_field:
        problems.append(MappingProblem("no_car", None, ()))
    return problems


def _take(guesses: dict[str, Guess], taken: set[str], header: str, guess: Guess) -> None:
    if guess.field is not None:
        if guess.field in taken and guess.field not in REPEATED:
            return
        taken.add(guess.field)
    guesses[header] = guess


def _offers(column: Column, vocabulary: Vocabulary) -> list[Guess]:
    """By the heading unless the cells say otherwise: a "Model" full of years is the model year."""
    told = field_of(column.header)
    offers: list[Guess] = []
    if column.fill == 0:
        return [Guess(told[0], "header", told[1])] if told and told[1] >= _TIMID else []
    contents = content_of(column.seen, vocabulary)
    if told:
        share = fits(told[0], column.seen, vocabulary)
        if share is None or share >= 0.3 or not contents:
            offers.append(
                Guess(told[0], "header", told[1] if share is None else round(told[1] * (0.6 + 0.4 * share), 2))
            )
        for field in _INSTEAD.get(told[0], ()):
            other = fits(field, column.seen, vocabulary)
            if other is not None and other >= 0.7 and (share is None or other > share or field == "title"):
                offers.append(Guess(field, "content", round(min(0.98, told[1] * (0.65 + 0.35 * other)), 2)))
    offers += [Guess(field, "content", confidence) for field, confidence in contents]
    return [offer for offer in offers if offer.confidence >= _TIMID]


_INSTEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "model": ("year", "title"),
    "engine_cc": ("fuel",),
    "fuel": ("engine_cc",),
    "body": ("fuel", "transmission"),
    "make": ("title",),
    "title": ("make",),
    "variant": ("title",),
}
"""What a heading is used for too."""

__all__ = ["FIELDS", "REPEATED", "Guess", "MappingProblem", "check", "propose"]
