"""Addresses of the market's pages: what is asked goes into them in one order, and only what is not the default."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct, structs

from app.listings.schemas import LIMITS, LISTS, ListingHit, ListingSearchForm

_ADDRESS = re.compile(r"([1-9][0-9]{0,14})(?:-(.*))?", re.DOTALL)
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_RADIUS = 50

LAKH = 100_000
PRICES = tuple(lakh * LAKH for lakh in (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500))
KILOMETRES = (10_000, 25_000, 50_000, 75_000, 100_000, 150_000, 200_000)
ENGINES = (660, 800, 1000, 1300, 1500, 1600, 1800, 2000, 2400, 2700, 3000, 4000)
BANDS = ((None, 20), (20, 35), (35, 50), (50, 80), (80, 150), (150, None))
"""Of prices, in lakh."""


def home(lang: str) -> str:
    return "/ur" if lang == "ur" else ""


def results(lang: str, asked: ListingSearchForm, **change: Any) -> str:
    """The page of results for `asked` with `change`; any change but of the page starts at the first one."""
    wanted = structs.replace(asked, **({"page": 1} | change))
    query = urlencode(list(_pairs(wanted)))
    return f"{home(lang)}/cars{'?' + query if query else ''}"


def _pairs(asked: ListingSearchForm) -> Iterator[tuple[str, str]]:
    if asked.q:
        yield "q", asked.q
    for name in LISTS:
        for value in getattr(asked, name):
            yield name, value
    for name in LIMITS:
        if getattr(asked, name) is not None:
            yield name, str(getattr(asked, name))
    if asked.photos:
        yield "photos", "1"
    if asked.near:
        yield "near", asked.near
        if asked.radius != _RADIUS:
            yield "radius", str(asked.radius)
    if asked.sort != "relevance":
        yield "sort", asked.sort
    if asked.page > 1:
        yield "page", str(asked.page)


def heard(address: str, words: str) -> str:
    """The address of results with what was typed, so that the page can say what it made of it and hand it back."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'heard': words})}" if words else address


class Chip(Struct, frozen=True):
    """A filter that is on: its field, its value, and the question without it."""

    name: str
    value: Any
    without: ListingSearchForm


def chips(asked: ListingSearchForm) -> list[Chip]:
    """Everything that was asked but the order, in the order of the address. Models go with their last make."""
    found: list[Chip] = []
    if asked.q:
        found.append(Chip("q", asked.q, _anew(asked, q="")))
    for name in LISTS:
        values = getattr(asked, name)
        for value in values:
            rest = tuple(other for other in values if other != value)
            found.append(Chip(name, value, _anew(asked, **{name: rest})))
    one_year = asked.year_min is not None and asked.year_min == asked.year_max
    if one_year:
        found.append(Chip("year", asked.year_min, _anew(asked, year_min=None, year_max=None)))
    found += [
        Chip(name, getattr(asked, name), _anew(asked, **{name: None}))
        for name in LIMITS
        if getattr(asked, name) is not None and not (one_year and name in ("year_min", "year_max"))
    ]
    if asked.photos:
        found.append(Chip("photos", True, _anew(asked, photos=False)))
    if asked.near:
        sort = "relevance" if asked.sort == "distance" else asked.sort
        found.append(Chip("near", asked.near, _anew(asked, near=None, radius=_RADIUS, sort=sort)))
    return found


def cleared(asked: ListingSearchForm) -> ListingSearchForm:
    """Nothing asked but the order."""
    return ListingSearchForm(sort="relevance" if asked.sort == "distance" else asked.sort)


class Move(Struct, frozen=True):
    """A question near to one that finds nothing: the field that is wider then or left out, what it says there."""

    name: str
    value: Any
    asked: ListingSearchForm
    widens: bool


def nearest(asked: ListingSearchForm) -> list[Move]:
    """What to try where nothing fits: every limit a step wider, a city with those around it, each filter left out."""
    moves = [
        Move(name, value, _anew(asked, **{name: value}), widens=True)
        for name in LIMITS
        if (value := _wider(name, getattr(asked, name))) is not None
    ]
    if len(asked.city) == 1 and not asked.near:
        near = _anew(asked, city=(), near=asked.city[0], radius=_AROUND)
        moves.append(Move("near", asked.city[0], near, widens=True))
    if asked.near and asked.radius < _FAR:
        moves.append(Move("radius", _FAR, _anew(asked, radius=_FAR), widens=True))
    moves += [Move(chip.name, chip.value, chip.without, widens=False) for chip in chips(asked)]
    return moves[:_MOST_TRIES]


_MOST_TRIES = 12
_AROUND, _FAR = 100, 200
_STEPS = {"year": 2, "price": LAKH, "km": 5_000, "cc": 100}


def _wider(name: str, limit: int | None) -> int | None:
    """A fifth more or less, in round numbers; of years two."""
    if limit is None:
        return None
    kind, end = name.split("_")
    step = _STEPS[kind]
    if kind == "year":
        return limit - step if end == "min" else limit + step
    if end == "min":
        return int(limit * 0.8) // step * step or None
    return -(-int(limit * 1.2) // step) * step


def _anew(asked: ListingSearchForm, **change: Any) -> ListingSearchForm:
    return structs.replace(asked, **change, page=1, facets=False)


def steps(page: int, pages: int) -> list[int | None]:
    """The pages to step to: the first, the last, and those around this one; None where more than one is left out."""
    at = min(max(page, 3), max(pages - 2, 1))
    told: list[int | None] = []
    for n in sorted({1, pages, *range(max(1, at - 1), min(pages, at + 1) + 1)}):
        left_out = n - (told[-1] or 0) - 1 if told else 0
        told += [n - 1] if left_out == 1 else [None] if left_out else []
        told.append(n)
    return told


def choices(usual: Iterable[int], asked: int | None) -> list[int]:
    """What a range offers: also what the address asks beside the usual steps."""
    return sorted({*usual, *(() if asked is None else (asked,))})


def number_in(address: str) -> tuple[int, str] | None:
    """The listing's number and the readable rest of `/l/100042-toyota-corolla`; None when there is no number."""
    found = _ADDRESS.fullmatch(address)
    return (int(found[1]), found[2] or "") if found else None


def compared(given: Iterable[str]) -> list[int]:
    """The numbers in `100042,100043` or in repeated parameters, each once."""
    parts = [part for one in given for part in one.split(",")]
    return list(dict.fromkeys(int(part) for part in parts if _NUMBER.fullmatch(part)))


def compare(lang: str, numbers: Sequence[int], *, differ: bool = False) -> str:
    query = [*([f"ids={','.join(map(str, numbers))}"] if numbers else []), *(["differ=1"] if differ else [])]
    return f"{home(lang)}/compare{'?' + '&'.join(query) if query else ''}"


_COMPARED = (
    "year", "odometer_km", "fuel", "transmission", "engine_cc", "body", "assembly", "import_year", "registered_in",
    "token_paid_to", "documents", "paint", "auction_grade", "colour", "condition", "city", "seller",
)  # fmt: skip


def compared_rows(cars: Sequence[ListingHit], *, differ: bool) -> list[tuple[str, list[Any], bool]]:
    """(field, the value of each car, whether all are the same); with `differ` only what is not. Unknowns of all are
    left out."""
    rows = [(name, [getattr(car, name) for car in cars]) for name in _COMPARED]
    told = [(name, values, _alike(name, values, cars)) for name, values in rows if any(v is not None for v in values)]
    return [row for row in told if not (differ and row[2])]


def _alike(name: str, values: list[Any], cars: Sequence[ListingHit]) -> bool:
    """Two dealers are two sellers, though both are dealers."""
    return len(set(zip(values, (car.org.name for car in cars), strict=True) if name == "seller" else values)) == 1
