"""The few words of a car as bits of two small numbers, so that one index holds all that searches filter and count.

Codes stand in the database: lists only grow at their end, within the bits they have. 0 says nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.listings.rules.words import slug


class Bits(NamedTuple):
    """Where a field sits in `column`; the code of a value is its place in `values`, from 1."""

    column: str
    shift: int
    mask: int
    values: tuple[str, ...]


COLOURS = (
    "white", "silver", "black", "grey", "blue", "red", "beige", "green", "brown", "maroon", "gold", "orange", "yellow",
    "purple", "pink", "turquoise",
)  # fmt: skip

PACKED: Mapping[str, Bits] = {
    "body": Bits("kinds", 0, 15, (
        "sedan", "hatchback", "suv", "crossover", "double_cabin", "pickup", "van", "mini_van", "mpv", "station_wagon",
        "coupe", "convertible",
    )),
    "fuel": Bits("kinds", 4, 15, ("petrol", "diesel", "hybrid", "phev", "electric", "cng", "lpg")),
    "transmission": Bits("kinds", 8, 3, ("manual", "automatic")),
    "assembly": Bits("kinds", 10, 7, ("local", "jdm", "cbu")),
    "seller": Bits("kinds", 13, 3, ("dealer", "private")),
    "colour": Bits("looks", 0, 31, COLOURS),
    "paint": Bits("looks", 5, 7, ("genuine", "touched", "panels", "showered", "repainted")),
    "auction": Bits("looks", 8, 3, ("sheet",)),
    "condition": Bits("looks", 10, 3, ("used", "new", "certified")),
    "photos": Bits("looks", 12, 1, ("yes",)),
}  # fmt: skip

_CODES = {name: {value: at for at, value in enumerate(bits.values, 1)} for name, bits in PACKED.items()}
_TINT = re.compile("[a-z]+")


def packed(said: Mapping[str, Any]) -> dict[str, int]:
    """`kinds` and `looks` of a car that says these words; a word that is none of the known ones is not said."""
    numbers = {"kinds": 0, "looks": 0}
    for name, (column, shift, _mask, _values) in PACKED.items():
        code = _CODES[name].get(said.get(name) or "")
        if code:
            numbers[column] |= code << shift
    return numbers


def codes(name: str, values: Iterable[str]) -> list[int]:
    return [_CODES[name][value] for value in values if value in _CODES[name]]


def unpacked(name: str, number: int) -> str | None:
    """The value of the field in the number of its column."""
    bits = PACKED[name]
    code = number >> bits.shift & bits.mask
    return bits.values[code - 1] if code else None


def colour(said: str | None) -> str | None:
    """The plain colour in what was said: pearl white is white. The last one named counts."""
    if not said:
        return None
    plain = said.lower()
    if plain in _CODES["colour"]:
        return plain
    found = [word for word in _TINT.findall(plain.replace("gray", "grey")) if word in _CODES["colour"]]
    return found[-1] if found else None


def region(registered_in: str | None) -> str | None:
    """Slug of where a car is registered."""
    return slug(registered_in)[:60] or None if registered_in else None
