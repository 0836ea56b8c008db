"""The questions of queries.txt and what the first car found for each must be."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.core.money import LAKH

Car = dict[str, Any]
_RANGES = {"year": ("year", 1), "price": ("asking_price", LAKH), "km": ("odometer_km", 1), "cc": ("engine_cc", 1)}
_FIRST: dict[str, Callable[[Car], Any]] = {
    "cheapest": lambda car: car["asking_price"] or 10**12,
    "dearest": lambda car: -(car["asking_price"] or 0),
    "lowest_km": lambda car: car["odometer_km"],
    "newest_year": lambda car: -car["year"],
}
_FIELDS = {"registered": "registered_in"}


class Asked(Struct, frozen=True):
    line: int
    group: str
    q: str
    wants: tuple[str, ...]

    def fits(self, car: Car) -> bool:
        """All that was wanted of the car itself."""
        return all(_fits(want, car) for want in self.wants)

    def first(self) -> Callable[[Car], Any] | None:
        """What the first car must have the least of."""
        return next((_FIRST[want[6:]] for want in self.wants if want.startswith("first:")), None)


def asked() -> Iterator[Asked]:
    group = ""
    for number, line in enumerate((Path(__file__).parent / "queries.txt").read_text("utf-8").splitlines(), 1):
        if line.startswith("["):
            group = line.strip("[]")
        elif line and not line.startswith("#"):
            q, _bar, wants = line.partition(" | ")
            yield Asked(number, group, q, tuple(wants.split()))


def _fits(want: str, car: Car) -> bool:
    if "~" in want:
        name, word = want.split("~")
        if name == "trim":
            return word in (car["variant"] or "")
        return word in f"{car['title']} {car['description']}".lower()
    name, colon, value = want.partition(":")
    if name == "first":
        return True
    if not colon:
        make, _slash, model = want.partition("/")
        return bool(car["make"] == make and (not model or car["model"] == model))
    if name in _RANGES:
        column, unit = _RANGES[name]
        least, _dash, most = value.partition("-")
        said = car[column]
        return said is not None and (float(least or 0) * unit <= said <= float(most or 10**9) * unit)
    return car[_FIELDS.get(name, name)] in value.split(",")
