"""The same questions answered by looking at every car. Knows nothing of indexes, codes or SQL conditions."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import asyncpg
from msgspec import Struct

from app.adapters.search.port import Geo, SearchQuery
from app.listings import rules

_CARS = """
select l.*, mk.slug make, mk.name make_name, mk.name_ur make_ur, mk.aliases make_aliases, md.slug model,
  md.name model_name, md.name_ur model_ur, md.aliases model_aliases, t.slug trim, t.name trim_name, p.slug city,
  p.name city_name, p.name_ur city_ur, p.aliases city_aliases, p.lat at_lat, p.lon at_lon, o.status org_status
from listing l join org o on o.id = l.org_id left join vehicle_make mk on mk.id = l.make_id
left join vehicle_model md on md.id = l.model_id left join vehicle_trim t on t.id = l.trim_id
left join location p on p.id = l.location_id
"""
_PLAIN = ("make", "model", "trim", "city", "body", "fuel", "transmission", "assembly", "paint", "condition")
_TOLD = ("body", "fuel", "transmission", "assembly", "colour", "registered_in", "paint")
_RANGES = {"year": "year", "price": "asking_price", "km": "odometer_km", "cc": "engine_cc"}


class Car(Struct):
    row: Mapping[str, Any]
    said: dict[str, str | None]
    words: dict[str, set[str]]
    """By weight."""
    fresh_at: Any

    def num(self, name: str) -> int:
        value = self.row[_RANGES[name]]
        return -1 if value is None else int(value)


class Answer(Struct):
    total: int
    facets: dict[str, dict[str, int]]
    cars: list[Car]
    """All that fit, in order."""


async def every_car(owner_url: str) -> list[Car]:
    """Those that anybody may find, by the truth table and the org's state."""
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(_CARS)
    finally:
        await connection.close()
    return [_car(row) for row in rows if row["org_status"] == "active" and _found(row)]


def _found(row: Mapping[str, Any]) -> bool:
    market = row["visibility"] == "public" and row["channel"] == "automart" and row["status"] == "live"
    return market and row["deleted_at"] is None


def _car(row: Mapping[str, Any]) -> Car:
    said = {name: row[name] for name in _PLAIN}
    said |= {
        "seller": "dealer" if row["branch_id"] else "private",
        "auction": "sheet" if row["auction_grade"] else None,
        "registered": rules.slug(row["registered_in"] or "") or None,
        "colour": _plain_colour(row["colour"]),
    }
    fresh_at = max(row["published_at"], row["refreshed_at"] or row["published_at"])
    return Car(row, said, _words(row), fresh_at)


def _plain_colour(said: str | None) -> str | None:
    words = (said or "").lower().replace("gray", "grey").replace(",", " ").split()
    known = [word for word in words if word in rules.COLOURS]
    return known[-1] if known else None


def _words(row: Mapping[str, Any]) -> dict[str, set[str]]:
    told = [row["title"], row["trim_name"] or "", str(row["year"] or "")]
    for name in ("make", "model", "city"):
        told += [row[f"{name}_name"] or "", row[f"{name}_ur"] or "", *(row[f"{name}_aliases"] or ())]
    facts = [row[name] or "" for name in _TOLD]
    if row["auction_grade"]:
        facts.append(f"auction sheet grade {row['auction_grade']}")
    return {
        "named": {word for text in told for word in rules.tokens(text)},
        "told": {word for text in facts for word in rules.tokens(text)},
        "text": set(rules.tokens(row["description"])),
    }


def answer(cars: list[Car], query: SearchQuery) -> Answer:
    base = [car for car in cars if _base(car, query)]
    fit = [car for car in base if all(_passes(car, name, values) for name, values in query.filters.items())]
    facets: dict[str, dict[str, int]] = {name: _facet(base, query, name) for name in query.facets}
    return Answer(len(fit), facets, sorted(fit, key=_order(query)))


def _base(car: Car, query: SearchQuery) -> bool:
    return (
        all(_within(car.row[_RANGES[name]], least, most) for name, (least, most) in query.ranges.items())
        and (query.scope.orgs is None or car.row["org_id"] in query.scope.orgs)
        and (query.scope.branches is None or car.row["branch_id"] in query.scope.branches)
        and (not query.photos or car.row["photo_score"] > 0)
        and (query.geo is None or query.geo.radius_m is None or away(car, query.geo) <= query.geo.radius_m)
        and car.row["id"] not in query.without
        and _says(set.union(*car.words.values()), query)
    )


def _within(value: int | None, least: int | None, most: int | None) -> bool:
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _says(words: set[str], query: SearchQuery) -> bool:
    for at, spellings in enumerate(query.words, 1):
        begun = at == len(query.words) and any(word.startswith(spellings[0]) for word in words)
        if not begun and not any(set(spelling.split()) <= words for spelling in spellings):
            return False
    return True


def _passes(car: Car, name: str, values: tuple[str, ...]) -> bool:
    return car.said[name] in values


def _facet(base: list[Car], query: SearchQuery, name: str) -> dict[str, int]:
    others = {of: values for of, values in query.filters.items() if of != name}
    fit = (car for car in base if all(_passes(car, of, values) for of, values in others.items()))
    return dict(Counter(said for car in fit if (said := car.said[name])))


def away(car: Car, geo: Geo) -> float:
    """Metres, by the spherical law of cosines: another formula than the engine's."""
    here, there = math.radians(geo.lat), math.radians(car.row["at_lat"])
    east = math.radians(car.row["at_lon"] - geo.lon)
    cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(east)
    return 6_371_000 * math.acos(min(1.0, cosine))


def _order(query: SearchQuery) -> Callable[[Car], Any]:
    def newest(car: Car) -> tuple[float, int]:
        return (-car.fresh_at.timestamp(), -car.row["id"].int)

    match query.sort:
        case "price_asc":
            return lambda car: (car.num("price") < 0, car.num("price"), *newest(car))
        case "price_desc":
            return lambda car: (car.num("price") < 0, -car.num("price"), *newest(car))
        case "km_asc":
            return lambda car: (car.num("km"), *newest(car))
        case "year_desc":
            return lambda car: (-car.num("year"), *newest(car))
        case "newest":
            return newest
        case "distance":
            geo = query.geo
            assert geo is not None
            return lambda car: (round(away(car, geo)), *_relevance(car, query))
        case _:
            return lambda car: _relevance(car, query)


def _relevance(car: Car, query: SearchQuery) -> tuple[int, int]:
    rank = rules.rank(car.fresh_at, car.row["quality_score"])
    if query.words and query.sort == "relevance":
        named, told = car.words["named"], car.words["named"] | car.words["told"]
        where = rules.IN_TITLE if _says(named, query) else rules.IN_FACTS if _says(told, query) else rules.IN_TEXT
        rank += rules.lift(where)
    return (-rank, -car.row["id"].int)


def pages(found: Answer, size: int) -> Iterator[list[Car]]:
    for at in range(0, len(found.cars), size):
        yield found.cars[at : at + size]
