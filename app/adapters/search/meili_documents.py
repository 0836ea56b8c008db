"""How a car stands in Meilisearch: its document, and the settings that make it found."""

from collections.abc import Callable
from typing import Any, Final

from app.adapters.search.port import FACETS, ListingDoc

LIVE: Final = "listings"
"""The index that answers. A new one is filled beside it and changes places with it."""
PRIMARY_KEY: Final = "id"
MOST_HITS: Final = 2_400
"""Of a question; more would slow every search down."""
_LISTS: Final = (*FACETS, "trim", "condition")
_NUMBERS: Final = ("year", "price", "km", "cc")
_SAME: Final = (*_LISTS, *_NUMBERS, "version", "number", "photos", "rank")

SETTINGS: Final[dict[str, Any]] = {
    "searchableAttributes": ["title", "names", "words", "description"],
    "displayedAttributes": ["id", "version"],
    "filterableAttributes": [
        {
            "attributePatterns": list(_LISTS),
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        },
        {
            "attributePatterns": list(_NUMBERS),
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": True}},
        },
        {
            "attributePatterns": ["id", "org", "branch", "photos"],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        },
        "_geo",  # only in this form does it switch the filter on
    ],
    "sortableAttributes": ["price", "km", "year", "fresh_at", "rank", "number", "_geo"],
    "rankingRules": [
        "sort", "words", "typo", "proximity", "attributeRank", "wordPosition", "exactness", "rank:desc", "number:desc",
    ],
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8},
        "disableOnNumbers": True,
    },
    "faceting": {"maxValuesPerFacet": 1_000, "sortFacetValuesBy": {"*": "count"}},
    "pagination": {"maxTotalHits": MOST_HITS},
    "proximityPrecision": "byAttribute",
}  # fmt: skip
"""`sort` comes first because orders that are asked for are strict; without one it does nothing."""


def document(car: ListingDoc, fold: Callable[[str], str]) -> dict[str, Any]:
    """Texts folded as questions are: Urdu is none of the languages this engine knows. What is not said is left out."""
    said = {name: getattr(car, name) for name in _SAME}
    found: dict[str, Any] = {
        **{name: value for name, value in said.items() if value is not None},
        "id": str(car.id),
        "org": str(car.org),
        "title": fold(car.title),
        "names": [fold(name) for name in car.names],
        "words": [fold(str(value)) for name in (*_LISTS, "year") if (value := said[name]) is not None],
        "description": fold(car.description),
        "fresh_at": int(car.fresh_at.timestamp()),
    }
    if car.branch is not None:
        found["branch"] = str(car.branch)
    if car.lat is not None and car.lon is not None:
        found["_geo"] = {"lat": car.lat, "lng": car.lon}
    return found
