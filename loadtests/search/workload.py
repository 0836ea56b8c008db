"""What people ask: four in five by filters, the rest in words, a quarter of those misspelt. The same seed, the same."""

import random
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from app.listings.schemas import ListingSearchForm, Sort
from loadtests.search.stock import Sold

Kind = Literal["facet", "text", "typo"]
_SORTS: tuple[tuple[Sort, int], ...] = (
    ("newest", 55), ("price_asc", 14), ("price_desc", 8), ("km_asc", 8), ("year_desc", 10), ("relevance", 5),
)  # fmt: skip
_SHAPES = (
    ("none", 8), ("make", 20), ("make model", 20), ("make model city", 10), ("city", 7), ("city price", 7),
    ("body price", 8), ("make year price", 6), ("makes gearbox km", 6), ("near price", 4), ("fuel assembly year", 4),
)  # fmt: skip
_WORDS = ("sunroof", "genuine", "first owner", "original file", "token paid", "exchange", "cruise", "گاڑی", "makhan")


class Asked(Struct, frozen=True):
    kind: Kind
    form: ListingSearchForm


def questions(sold: Sold, seed: int) -> Iterator[Asked]:
    chance = random.Random(f"workload {seed}")
    while True:
        drawn = chance.random()
        kind: Kind = "facet" if drawn < 0.8 else "text" if drawn < 0.95 else "typo"
        fields = _facets(chance, sold) if kind == "facet" else {"q": _words(chance, sold, misspelt=kind == "typo")}
        if kind == "facet" and chance.random() < 0.07:
            fields["org"] = (sold.orgs[min(int(chance.paretovariate(0.7)) - 1, len(sold.orgs) - 1)],)
        page = chance.random()
        fields["page"] = 1 if page < 0.72 else chance.randrange(2, 4) if page < 0.92 else chance.randrange(4, 21)
        fields["sort"] = chance.choices([sort for sort, _ in _SORTS], [weight for _, weight in _SORTS])[0]
        if kind != "facet" and chance.random() < 0.7:
            fields["sort"] = "relevance"
        yield Asked(kind, ListingSearchForm(**fields))


def _facets(chance: random.Random, sold: Sold) -> dict[str, Any]:
    shape = chance.choices([shape for shape, _ in _SHAPES], [weight for _, weight in _SHAPES])[0].split()
    make, model, _weight = chance.choices(sold.models, [one[2] for one in sold.models])[0]
    found: dict[str, Any] = {}
    for part in shape:
        match part:
            case "make":
                found["make"] = (make,)
            case "makes":
                others = chance.choices(sold.models, [one[2] for one in sold.models], k=2)
                found["make"] = tuple(dict.fromkeys((make, *(one[0] for one in others))))
            case "model":
                found["model"] = (model,)
            case "city":
                found["city"] = (_city(chance, sold),)
            case "price":
                low = chance.randrange(10, 60) * 100_000
                found |= {"price_min": low, "price_max": low + chance.randrange(5, 30) * 100_000}
            case "body":
                found["body"] = (chance.choice(("sedan", "hatchback", "suv", "crossover", "mpv")),)
            case "year":
                found["year_min"] = chance.randrange(2012, 2023)
            case "gearbox":
                found["transmission"] = (chance.choice(("automatic", "manual")),)
            case "km":
                found["km_max"] = chance.choice((50_000, 75_000, 100_000))
            case "near":
                found |= {"near": _city(chance, sold), "radius": chance.choice((25, 50, 100))}
            case "fuel":
                found["fuel"] = (chance.choice(("petrol", "hybrid", "diesel")),)
            case "assembly":
                found["assembly"] = (chance.choice(("local", "jdm")),)
    return found


def _city(chance: random.Random, sold: Sold) -> str:
    return chance.choices([slug for slug, _ in sold.cities], [weight for _, weight in sold.cities])[0]


def _words(chance: random.Random, sold: Sold, *, misspelt: bool) -> str:
    make, model, _weight = chance.choices(sold.models, [one[2] for one in sold.models])[0]
    words = chance.choice(
        (
            f"{make} {model}", model, f"{model} {_city(chance, sold)}", f"{model} {chance.randrange(2014, 2025)}",
            f"{make} {chance.choice(_WORDS)}", f"{model} {chance.choice(_WORDS)}", model[: max(3, len(model) - 2)],
        )
    ).replace("-", " ")  # fmt: skip
    return _slip(chance, words) if misspelt else words


def _slip(chance: random.Random, words: str) -> str:
    """One letter of the first word left out, doubled or changed for its neighbour."""
    first, _, rest = words.partition(" ")
    at = chance.randrange(1, max(2, len(first)))
    wrong = chance.choice((first[:at] + first[at + 1 :], first[:at] + first[at - 1] + first[at:]))
    return f"{wrong} {rest}".strip()
