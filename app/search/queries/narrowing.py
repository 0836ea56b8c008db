"""What every count of a question obeys, beside the filters on counted numbers."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Uuid, all_, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from app.adapters.search.port import FilterName, Geo, SearchQuery
from app.core.ids import Id
from app.listings.queries import CodeBook
from app.search.queries.groups import FOUND, among, condition
from app.search.queries.places import Spot

Condition = ColumnElement[bool]
_RANGES = {"year": "year", "price": "asking_price", "km": "odometer_km", "cc": "engine_cc"}
_UNCOUNTED: tuple[FilterName, ...] = ("trim", "condition")
_EARTH_M = 6_371_000
_MOST_SMALL = 32_767


def narrowed(query: SearchQuery, book: CodeBook, spots: Sequence[Spot]) -> list[Condition]:
    """None of them: the whole market is asked about."""
    conditions: list[Condition] = []
    for column, ids in ((FOUND.org_id, query.scope.orgs), (FOUND.branch_id, query.scope.branches)):
        if ids is not None:
            conditions.append(column == any_(_ids(ids)))
    filters = query.filters
    conditions += [condition(name, filters[name], book) for name in _UNCOUNTED if filters.get(name)]
    for name, (least, most) in query.ranges.items():
        column = FOUND[_RANGES[name]]
        small = _MOST_SMALL if name in ("year", "cc") else None
        if least is not None:
            conditions.append(column >= (min(least, small) if small else least))
        if most is not None:
            conditions.append(column <= (min(most, small) if small else most))
    if query.photos:
        conditions.append(condition("photos", ("yes",), book))
    if query.geo is not None and query.geo.radius_m is not None:
        near = [spot.code for spot in spots if metres(query.geo, spot) <= query.geo.radius_m]
        conditions.append(among(FOUND.city, near))
    if query.without:
        conditions.append(FOUND.id != all_(_ids(query.without)))
    return conditions


def metres(geo: Geo, spot: Spot) -> float:
    """Between a point and the middle of a city: a car is where its city is."""
    lat, other = math.radians(geo.lat), math.radians(spot.lat)
    north, east = other - lat, math.radians(spot.lon - geo.lon)
    half = math.sin(north / 2) ** 2 + math.cos(lat) * math.cos(other) * math.sin(east / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(half))


def _ids(ids: Iterable[Id]) -> Any:
    return bindparam(None, list(ids), type_=ARRAY(Uuid(as_uuid=True)))


def question(words: Sequence[Sequence[str]], weights: str = "") -> str:
    """A tsquery of words that must all be there, each as one of its spellings; the last may be only begun."""
    asked = []
    for at, spellings in enumerate(words, 1):
        ways = [_spelt(spelling, weights, begun=False) for spelling in spellings]
        if at == len(words):
            ways.append(_spelt(spellings[0], weights, begun=True))
        asked.append(f"({' | '.join(ways)})")
    return " & ".join(asked)


def _spelt(spelling: str, weights: str, *, begun: bool) -> str:
    parts = spelling.split()
    marks = ("*" if begun else "") + weights
    quoted = [part.replace("\\", "\\\\").replace("'", "''") for part in parts]
    return "(" + " & ".join(f"'{part}'" + (f":{marks}" if marks else "") for part in quoted) + ")"
