"""Random questions over the odd market; the same seed asks the same."""

import random
from collections.abc import Mapping
from typing import Any

from app.adapters.search.port import FACETS, FilterName, Geo, Limits, RangeName, Scope, SearchQuery, Sort

_VALUES: Mapping[FilterName, tuple[str, ...]] = {
    "make": ("toyota", "honda", "suzuki", "kia", "no-such-make"),
    "model": ("corolla", "civic", "city", "alto", "no-such-model"),
    "trim": ("gli", "oriel", "vxr"),
    "city": ("lahore", "karachi", "islamabad", "gwadar", "atlantis"),
    "body": ("sedan", "hatchback", "suv", "crossover", "boat"),
    "fuel": ("petrol", "diesel", "lpg", "steam"),
    "transmission": ("manual", "automatic"),
    "assembly": ("local", "jdm", "cbu"),
    "seller": ("dealer", "private"),
    "registered": ("lahore", "azad-jammu-kashmir", "mars"),
    "auction": ("sheet",),
    "paint": ("genuine", "repainted"),
    "colour": ("white", "red", "octarine"),
    "condition": ("used", "new", "certified"),
}
_LIMITS: Mapping[RangeName, tuple[int, ...]] = {
    "year": (2005, 2015, 2020, 2100),
    "price": (0, 1, 2_500_000, 2_500_001, 9_999_999_999),
    "km": (0, 50_000, 50_001, 9_999_999),
    "cc": (0, 660, 1300, 20_000),
}
_WORDS = (
    ("corolla",), ("korola", "corolla"), ("civic",), ("genuine",), ("paint",), ("گاڑی",), ("lahore",), ("exchange",),
    ("alto", "mehran"), ("brien",), ("sunroof",), ("سوک",), ("land cruiser", "corolla"), ("zzz",), ("au",), ("2019",),
)  # fmt: skip
_SORTS: tuple[Sort, ...] = ("relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc")
_PLACES = (Geo(31.5497, 74.3436), Geo(24.8608, 67.0104), Geo(0.0, 0.0))


def question(number: int, orgs: tuple[Any, ...]) -> SearchQuery:
    chance = random.Random(f"question {number}")
    filters: dict[FilterName, tuple[str, ...]] = {}
    for name in chance.sample(sorted(_VALUES), chance.choice((0, 1, 1, 2, 2, 3, 4))):
        values = _VALUES[name]
        filters[name] = tuple(chance.sample(values, chance.randrange(1, min(3, len(values)) + 1)))
    ranges: dict[RangeName, Limits] = {}
    for limit in chance.sample(sorted(_LIMITS), chance.choice((0, 0, 1, 2))):
        least, most = chance.choice(_LIMITS[limit]), chance.choice(_LIMITS[limit])
        ranges[limit] = chance.choice(((least, None), (None, most), (min(least, most), max(least, most))))
    geo = None
    sort: Sort = chance.choice(_SORTS)
    if chance.random() < 0.15:
        place = chance.choice(_PLACES)
        geo = Geo(place.lat, place.lon, chance.choice((10_000, 100_000, 300_000, None)))
        sort = chance.choice((sort, "distance"))
    words = tuple(chance.sample(_WORDS, chance.randrange(1, 3))) if chance.random() < 0.35 else ()
    return SearchQuery(
        scope=Scope(orgs=tuple(chance.sample(orgs, 2))) if chance.random() < 0.1 else Scope(),
        words=words,
        filters=filters,
        ranges=ranges,
        photos=chance.random() < 0.1,
        geo=geo,
        sort=sort,
        page=chance.choice((1, 1, 1, 2, 3, 400)),
        facets=FACETS,
    )
