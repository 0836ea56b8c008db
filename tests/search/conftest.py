"""The lexicon of the shipped catalogue, without a database."""

import pytest

from app.listings.rules.names import CityNames, MakeNames, ModelNames, TrimNames
from app.search.rules import Lexicon
from app.taxonomy.service import locations
from app.vehicles.service import catalogue


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    makes = catalogue()
    return Lexicon(
        [
            MakeNames(one.slug, one.name, one.name_ur, tuple(one.aliases), sum(model.weight for model in one.models))
            for one in makes
        ],
        [
            ModelNames(one.slug, model.slug, model.name, model.name_ur, tuple(model.aliases), weight=model.weight)
            for one in makes
            for model in one.models
        ],
        [
            TrimNames(one.slug, model.slug, trim.slug, trim.name, trim.engine_cc, trim.transmission)
            for one in makes
            for model in one.models
            for trim in model.trims
        ],
        [
            CityNames(place.slug, place.name, place.name_ur, tuple(place.aliases), place.kind, place.weight)
            for place in locations()
        ],
    )
