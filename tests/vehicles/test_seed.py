"""The vehicle catalogue comes from a file, once."""

from sqlalchemy import func, select

from app.core import db
from app.vehicles import service
from app.vehicles.models import Make, Model, Trim


def test_the_catalogue_is_whole_and_every_slug_is_used_once():
    makes = service.catalogue()

    assert len(makes) == 36
    assert sum(len(make.models) for make in makes) == 173
    assert len({make.slug for make in makes}) == 36
    for make in makes:
        assert len({model.slug for model in make.models}) == len(make.models)
        for model in make.models:
            assert model.engines_cc or model.battery_kwh, model.name
            assert model.year_to is None or model.year_from <= model.year_to
            assert len({trim.slug for trim in model.trims}) == len(model.trims)


def test_an_electric_car_has_a_battery_and_a_petrol_car_an_engine():
    for make in service.catalogue():
        for model in make.models:
            assert ("electric" in model.fuels) <= bool(model.battery_kwh), model.name
            assert ("petrol" in model.fuels) <= bool(model.engines_cc), model.name


def test_a_trim_belongs_to_an_engine_and_a_time_of_its_model():
    for make in service.catalogue():
        for model in make.models:
            for trim in model.trims:
                assert trim.engine_cc in model.engines_cc, (model.name, trim.name)
                assert trim.year_from is None or trim.year_from >= model.year_from, (model.name, trim.name)


def test_no_alias_means_two_models_of_one_make():
    for make in service.catalogue():
        known: set[str] = set()
        for model in make.models:
            words = {model.name.lower(), *model.aliases}
            assert not known & words, (make.name, known & words)
            known |= words


async def test_seeding_twice_changes_nothing(database):
    async with db.system() as session:
        first = await service.seed(session)
    async with db.system() as session:
        second = await service.seed(session)
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in (Make, Model, Trim)]

    assert first == sum(counts)
    assert second == 0
    assert counts[:2] == [36, 173]
