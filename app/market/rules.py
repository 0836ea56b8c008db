"""Addresses of the market's pages: what is asked goes into them in one order, and only what is not the default."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from msgspec import structs

from app.listings.schemas import FACETS, ListingSearchForm

_RANGES = ("year_min", "year_max", "price_min", "price_max", "km_max")
_ADDRESS = re.compile(r"([1-9][0-9]{0,14})(?:-(.*))?", re.DOTALL)

LAKH = 100_000
PRICES = tuple(lakh * LAKH for lakh in (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500))
KILOMETRES = (10_000, 25_000, 50_000, 75_000, 100_000, 150_000, 200_000)


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
    for name in (*FACETS, "org", "branch"):
        for value in getattr(asked, name):
            yield name, value
    for name in _RANGES:
        if getattr(asked, name) is not None:
            yield name, str(getattr(asked, name))
    if asked.sort != "relevance":
        yield "sort", asked.sort
    if asked.page > 1:
        yield "page", str(asked.page)


def without(lang: str, asked: ListingSearchForm) -> list[tuple[str, Any, str]]:
    """Every filter that is on: its field, its value, and the page without it."""
    chips: list[tuple[str, Any, str]] = []
    for name in (*FACETS, "org", "branch"):
        values = getattr(asked, name)
        for value in values:
            rest = tuple(other for other in values if other != value)
            chips.append((name, value, results(lang, asked, **{name: rest})))
    chips += [
        (name, getattr(asked, name), results(lang, asked, **{name: None}))
        for name in _RANGES
        if getattr(asked, name) is not None
    ]
    return chips


def number_in(address: str) -> tuple[int, str] | None:
    """The listing's number and the readable rest of `/l/100042-toyota-corolla`; None when there is no number."""
    found = _ADDRESS.fullmatch(address)
    return (int(found[1]), found[2] or "") if found else None
