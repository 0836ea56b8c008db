"""What a person can say of a sheet: what is wrong with a mapping, which words may mean what."""

from collections.abc import Mapping

from app.feeds.rules.mapping import check
from app.feeds.rules.words import MAPPINGS
from app.listings.rules.values import CHOICES

_SLUGS = ("make", "model", "variant", "city", "registered_in")


def faults(mapping: Mapping[str, str | None]) -> list[dict[str, str]]:
    """One for each column at fault, as errors of a form; `field` is the heading, empty for the whole sheet."""
    return [
        {"field": column, "message": MAPPINGS[problem.code].message}
        for problem in check(mapping)
        for column in problem.columns or ("",)
    ]


def is_value(field: str, meant: str) -> bool:
    """Whether a word of the field can mean this. Slugs of cars and places are checked where they are read."""
    return meant in CHOICES[field] if field in CHOICES else field in _SLUGS
