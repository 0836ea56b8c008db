"""What each column is taken for: as the dealer said before, by its heading, else by what it holds; no field twice."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from app.feeds.rules import values
from app.feeds.rules.figures import read_engine, read_km, read_year
from app.feeds.rules.files import Column
from app.feeds.rules.headers import FIELDS, REPEATED, field_of
from app.feeds.rules.prices import read_price
from app.feeds.rules.recognising import Texts, recognise
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.rules.whereabouts import place_of
from app.feeds.rules.words import MAPPINGS

__all__ = ["FIELDS", "Fault", "Guess", "check", "is_value", "propose"]

OURS = frozenset(("row", "problem", "hint"))
"""Columns of the file of refused rows that we add ourselves."""

_ANY_YEAR = 2100
_SURE, _MOST, _LEAST = 0.75, 0.7, 3


class Guess(Struct, frozen=True):
    """`why` is kept, header or content; None where the column is not imported."""

    field: str | None
    why: str | None
    confidence: float


class Fault(Struct, frozen=True):
    """`says` is a msgid."""

    column: str
    code: str
    says: str


def propose(
    columns: Sequence[Column], *, kept: Mapping[str, str | None] | None, vocabulary: Vocabulary
) -> dict[str, Guess]:
    """By heading. The surest takes a field first; whoever comes later is left out."""
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for column in columns:
        if kept is not None and column.header in kept:
            field = kept[column.header]
            field = field if field is None or field in REPEATED or field not in taken else None
            found[column.header] = Guess(field, "kept", 1.0)
            taken |= {field} if field else set()
        elif column.header in OURS:
            found[column.header] = Guess(None, None, 1.0)
    named = [(field_of(column.header), column) for column in columns if column.header not in found]
    for guess, column in sorted(named, key=lambda one: -(one[0][1] if one[0] else 0)):
        if guess and guess[1] >= _SURE and (guess[0] not in taken or guess[0] in REPEATED):
            found[column.header] = Guess(guess[0], "header", guess[1])
            taken.add(guess[0])
    for column in columns:
        if column.header not in found:
            field, part = _by_content(column, taken, vocabulary)
            found[column.header] = Guess(field, "content" if field else None, part)
            taken |= {field} if field else set()
    return {column.header: found[column.header] for column in columns}


def check(mapping: Mapping[str, str | None]) -> list[Fault]:
    """What is wrong with it; nothing where it can be used."""
    strange = [header for header, field in mapping.items() if field and field not in FIELDS]
    faults = [Fault(header, "unknown_field", _says("unknown_field")) for header in strange]
    by_field: dict[str, list[str]] = {}
    for header, field in mapping.items():
        if field and field not in REPEATED:
            by_field.setdefault(field, []).append(header)
    for headers in by_field.values():
        if len(headers) > 1:
            faults += [Fault(header, "same_field", _says("same_field")) for header in headers]
    if "title" not in by_field and not {"make", "model"} <= by_field.keys() and "model" not in by_field:
        faults.append(Fault("", "no_car", _says("no_car")))
    return faults


def is_value(field: str, meant: str) -> bool:
    """Whether a word of the field can mean this: slugs are checked by the reader itself."""
    if field in values.CHOICES:
        return meant in values.CHOICES[field]
    return field in ("make", "model", "variant", "city", "registered_in")


def _says(code: str) -> str:
    return MAPPINGS[code].message


def _by_content(column: Column, taken: set[str], vocabulary: Vocabulary) -> tuple[str | None, float]:
    """The first field that most of the values fit, the most telling fields first."""
    seen = column.seen or column.samples
    if len(seen) < _LEAST:
        return None, 0.0
    for field, fits in _tests(vocabulary):
        if field in taken and field not in REPEATED:
            continue
        part = sum(1 for value in seen if fits(value)) / len(seen)
        if part >= _MOST:
            return field, round(part, 2)
    return None, 0.0


def _tests(vocabulary: Vocabulary) -> Iterable[tuple[str, Callable[[str], bool]]]:
    def picture(value: str) -> bool:
        return value.startswith("http") and value.rpartition(".")[2].lower() in ("jpg", "jpeg", "png", "webp", "avif")

    def car(value: str) -> bool:
        found = recognise(Texts(title=value), vocabulary, {}, _ANY_YEAR)
        return found.make is not None and found.model is not None

    def price(value: str) -> bool:
        return not value.isdecimal() and read_price(value).kind == "rupees"

    def km(value: str) -> bool:
        return "km" in value.lower() and read_km(value).value is not None

    def engine(value: str) -> bool:
        return "cc" in value.lower() and read_engine(value).value is not None

    yield "images", picture
    yield "url", lambda value: value.startswith(("http://", "https://"))
    yield "title", car
    yield "fuel", lambda value: values.meaning("fuel", value) is not None
    yield "transmission", lambda value: values.meaning("transmission", value) is not None
    yield "colour", lambda value: values.meaning("colour", value) is not None
    yield "odometer_km", km
    yield "engine_cc", engine
    yield "asking_price", price
    yield "city", lambda value: place_of(value, vocabulary.places) is not None
    yield "year", lambda value: value.isdecimal() and len(value) == 4 and read_year(value, _ANY_YEAR).value is not None
