"""The words cars and places go by: what the catalogue says of a make, a model, a trim, a city."""

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from app.listings.rules.said import tokens

_UNMARKED = frozenset(("l", "i"))
"""Letters of "1.3L" and "i-VTEC" that come and go."""
GEARS = frozenset(("automatic", "auto", "manual", "mt", "at", "cvt", "ags", "amt", "dct"))
PLAIN_WORDS = frozenset(
    (
        "city", "move", "note", "cast", "tank", "every", "grace", "rush", "seal", "pearl", "fit", "surf", "crown",
        "insight", "rocky", "boon", "leaf", "sunny", "saga", "alpha", "bravo", "freed", "clipper", "flair", "carol",
        "dashing", "hustler", "vogue", "swift", "ravi", "accord", "khyber", "fx", "roomy", "spacia", "model3", "kicks",
    )
)  # fmt: skip
"""Models that are words of other trades too: without their make they count only where a car's name begins."""

OTHERS: Mapping[str, frozenset[str]] = {
    "corolla": frozenset(("spacio", "rumion", "runx", "verso", "ceres", "levin", "allex", "ix")),
    "pajero": frozenset(("mini", "io", "junior", "jr", "sport")),
    "range-rover": frozenset(("sport", "evoque", "velar")),
    "move": frozenset(("conte", "canbus", "latte")),
    "mira": frozenset(("gino", "cocoa", "tocot", "avy")),
    "passo": frozenset(("sette",)),
    "fit": frozenset(("aria", "shuttle")),
    "dayz": frozenset(("roox",)),
    "tanto": frozenset(("exe",)),
    "note": frozenset(("aura",)),
    "lancer": frozenset(("evo", "evolution")),
    "porter-h-100": frozenset(("ii",)),
    "hs": frozenset(("phev",)),
    "crown": frozenset(("majesta",)),
}
"""Other cars whose names begin with a model's: they are unknown, not that model."""


class MakeNames(Struct, frozen=True):
    slug: str
    name: str
    name_ur: str = ""
    aliases: tuple[str, ...] = ()
    weight: int = 0


class ModelNames(Struct, frozen=True):
    make: str
    slug: str
    name: str
    name_ur: str = ""
    aliases: tuple[str, ...] = ()
    body: str | None = None
    assembly: tuple[str, ...] = ()
    engines_cc: tuple[int, ...] = ()
    year_from: int = 0
    year_to: int | None = None
    weight: int = 0


class TrimNames(Struct, frozen=True):
    make: str
    model: str
    slug: str
    name: str
    engine_cc: int | None = None
    transmission: str | None = None
    year_from: int | None = None
    year_to: int | None = None


class CityNames(Struct, frozen=True):
    """A city, or with `kind` "province" a place that cars are registered in only."""

    slug: str
    name: str
    name_ur: str = ""
    aliases: tuple[str, ...] = ()
    kind: str = "city"
    weight: int = 0


_CLASS = re.compile(r"([a-z]) ?class|(\d) ?series")


def words(name: str) -> list[str]:
    """Of a trim or of the text it is looked for in."""
    return [word for word in tokens(name) if word not in _UNMARKED]


@lru_cache(maxsize=1_000)
def class_of(name: str) -> tuple[str | None, str | None]:
    """ "C-Class" is spoken of by its letter and a number, C180, "3 Series" by a number with its digit first, 320i."""
    named = _CLASS.fullmatch(" ".join(tokens(name)))
    return (named[1], named[2]) if named else (None, None)


def is_distinct(name: str) -> bool:
    """A squashed model name that means a car wherever it stands."""
    return len(name) >= 4 and name not in PLAIN_WORDS and not name.isdecimal()
