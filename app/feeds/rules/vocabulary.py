"""The catalogue and the places as words, laid out once so that a row is read in microseconds."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.feeds.rules.cells import tokens
from app.feeds.rules.levels import Levels
from app.listings.rules.names import GEARS, CityNames, MakeNames, ModelNames, TrimNames, words
from app.listings.rules.near import Near
from app.listings.rules.said import squash

_APP = Path(__file__).resolve().parents[2]


class Trim(Struct, frozen=True):
    names: TrimNames
    core: frozenset[str]
    gears: frozenset[str]


class Model(Struct, frozen=True):
    names: ModelNames
    trims: tuple[Trim, ...]


class Make(Struct, frozen=True):
    """`by_name` leads from squashed names to models; `longest` is how many words one has."""

    slug: str
    names: frozenset[str]
    by_name: dict[str, Model]
    longest: int
    near: Near[Model]


class Vocabulary:
    """Build it with `of` when the catalogue changes; it is shared and never written to."""

    def __init__(self, makes: dict[str, Make], *, by_make: dict[str, Make], places: "Places", levels: Levels) -> None:
        self.makes = makes
        self.by_make = by_make
        self.near_makes = Near(by_make)
        self.places = places
        self.levels = levels
        alone: dict[str, Model | None] = {}
        for make in makes.values():
            for name, model in make.by_name.items():
                known = alone.setdefault(name, model)
                if known is not model:
                    alone[name] = None
        self.alone = {name: model for name, model in alone.items() if model is not None and len(name) >= 3}
        self.longest = max((make.longest for make in makes.values()), default=1)

    @classmethod
    def of(
        cls,
        makes: Iterable[MakeNames],
        models: Iterable[ModelNames],
        trims: Iterable[TrimNames],
        cities: Iterable[CityNames],
        levels: Mapping[str, Mapping[str, float]],
    ) -> "Vocabulary":
        """`levels` are lakh by "make/model" and year, as in listings' `levels.json`."""
        trims_of: dict[tuple[str, str], list[Trim]] = {}
        for trim in trims:
            trims_of.setdefault((trim.make, trim.model), []).append(_trim(trim))
        models_of: dict[str, list[Model]] = {}
        for model in models:
            found = Model(model, tuple(trims_of.get((model.make, model.slug), ())))
            models_of.setdefault(model.make, []).append(found)
        known: dict[str, Make] = {}
        by_make: dict[str, Make] = {}
        for names in makes:
            make = known[names.slug] = _make(names, models_of.get(names.slug, []))
            for name in make.names:
                by_make.setdefault(name, make)
        every = [model.names for group in models_of.values() for model in group]
        return cls(known, by_make=by_make, places=Places(cities), levels=Levels(every, levels))

    @classmethod
    def shipped(cls) -> "Vocabulary":
        """From the files the product ships with, for tests and benches."""
        catalogue = _json("vehicles/data/catalogue.json")
        places = _json("taxonomy/data/locations.json")
        models = [(make["slug"], model) for make in catalogue for model in make["models"]]
        return cls.of(
            [MakeNames(make["slug"], make["name"], make["name_ur"], tuple(make["aliases"])) for make in catalogue],
            [
                ModelNames(
                    make, model["slug"], model["name"], model["name_ur"], tuple(model["aliases"]), model["body"],
                    tuple(model["assembly"]), tuple(model["engines_cc"]), model["year_from"], model["year_to"],
                )
                for make, model in models
            ],
            [
                TrimNames(
                    make, model["slug"], trim["slug"], trim["name"], trim["engine_cc"], trim["transmission"],
                    trim["year_from"], trim["year_to"],
                )
                for make, model in models
                for trim in model.get("trims", [])
            ],
            [CityNames(one["slug"], one["name"], one["name_ur"], tuple(one["aliases"]), one["kind"]) for one in places],
            _json("listings/data/levels.json"),
        )  # fmt: skip

    def model(self, said: str, make: Make | None) -> Model | None:
        """By "make/model", or by the slug of a model of this make."""
        own, _, slug = said.rpartition("/")
        of = self.makes.get(own) if own else make
        return next((model for model in of.by_name.values() if model.names.slug == slug), None) if of else None


class Places:
    """Cities and provinces by their squashed names."""

    def __init__(self, places: Iterable[CityNames]) -> None:
        self.by_name: dict[str, CityNames] = {}
        every = list(places)
        for of_cities in (True, False):
            for place in every:
                if (place.kind == "city") == of_cities:
                    for name in (place.name, place.slug, place.name_ur, *place.aliases):
                        if name:
                            self.by_name.setdefault(squash(name), place)
        self.longest = max((len(tokens(place.name)) for place in every), default=1) + 1
        self.near = Near(self.by_name)


def _make(names: MakeNames, models: list[Model]) -> Make:
    by_name: dict[str, Model] = {}
    longest = 1
    for first in (True, False):
        for model in models:
            said = (model.names.name, model.names.name_ur) if first else (model.names.slug, *model.names.aliases)
            for name in said:
                if squashed := squash(name):
                    by_name.setdefault(squashed, model)
                    longest = max(longest, len(tokens(name)))
    own = frozenset(squash(name) for name in (names.name, names.slug, names.name_ur, *names.aliases) if name)
    single = {squash(model.names.name): model for model in models if len(tokens(model.names.name)) == 1}
    return Make(names.slug, own, by_name, longest, Near(single))


def _trim(names: TrimNames) -> Trim:
    said = frozenset(words(names.name))
    return Trim(names, said - GEARS or said, said & GEARS)


def _json(path: str) -> Any:
    return json.loads((_APP / path).read_text("utf-8"))
