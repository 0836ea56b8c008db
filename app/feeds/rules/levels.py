"""What a model of a year costs, roughly: enough to tell lakh from crore, never to be shown."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import exp, log
from typing import Final, Protocol

_OLDER, _NEWER = 0.93, 1.07
"""What a year of age takes off, and what a year more adds beyond the last known one."""
KNOWN_WITHIN, ROUGH_WITHIN = 4.0, 7.0
"""How many times dearer or cheaper than its level a car may be and still be believed."""
_DEAR = frozenset(("mercedes-benz", "audi", "bmw", "lexus", "porsche", "land-rover", "tesla", "gwm"))
_BY_ENGINE: Final = ((700, 30.0), (1000, 36.0), (1350, 50.0), (1600, 65.0), (2100, 95.0), (3000, 160.0), (9999, 350.0))
_ELECTRIC = 100.0
_DEARER = 2.5
_YEAR_OF_LEVELS = 2023


class Named(Protocol):
    @property
    def make(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def engines_cc(self) -> tuple[int, ...]: ...


class Levels:
    def __init__(self, models: Iterable[Named], levels: Mapping[str, Mapping[str, float]]) -> None:
        self._known = {
            name: sorted((int(year), float(lakh)) for year, lakh in of.items()) for name, of in levels.items()
        }
        self._rough = {f"{model.make}/{model.slug}": _rough(model) for model in models}
        self._found: dict[tuple[str, str, int], tuple[float, float]] = {}

    def level(self, make: str, model: str, year: int | None) -> tuple[float, float] | None:
        """Lakh, and within how many times of it a price is believed; None for a model we do not know."""
        name = f"{make}/{model}"
        key = (make, model, year or 0)
        found = self._found.get(key)
        if found is None:
            known = self._known.get(name)
            if known:
                found = _between(known, year or known[len(known) // 2][0])
            elif name in self._rough:
                age = max(0, min(30, _YEAR_OF_LEVELS - year)) if year else 8
                found = self._rough[name] * _OLDER**age, ROUGH_WITHIN
            else:
                return None
            self._found[key] = found
        return found

    def rough(
        self, make: str | None, cc: int | None, year: int | None, *, electric: bool
    ) -> tuple[float, float] | None:
        """For a model we do not know: by its engine."""
        if year is None or (cc is None and not electric):
            return None
        base = _by_engine(cc) * (_DEARER if make in _DEAR else 1)
        return base * _OLDER ** max(0, min(30, _YEAR_OF_LEVELS - year)), ROUGH_WITHIN


def _between(known: list[tuple[int, float]], year: int) -> tuple[float, float]:
    first, last = known[0], known[-1]
    if year <= first[0]:
        away = min(30, first[0] - year)
        return first[1] * _OLDER**away, min(ROUGH_WITHIN, KNOWN_WITHIN * 1.02**away)
    if year >= last[0]:
        return last[1] * _NEWER ** min(10, year - last[0]), KNOWN_WITHIN
    for (before, low), (after, high) in pairwise(known):
        if before <= year <= after:
            share = (year - before) / (after - before)
            return exp(log(low) * (1 - share) + log(high) * share), KNOWN_WITHIN
    return last[1], KNOWN_WITHIN


def _rough(model: Named) -> float:
    engine = sum(model.engines_cc) / len(model.engines_cc) if model.engines_cc else None
    return _by_engine(engine) * (_DEARER if model.make in _DEAR else 1)


def _by_engine(engine: float | None) -> float:
    return (
        _ELECTRIC if engine is None else next((lakh for most, lakh in _BY_ENGINE if engine <= most), _BY_ENGINE[-1][1])
    )
