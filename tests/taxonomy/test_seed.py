"""The places of Pakistan come from a file, once."""

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError

from app.core import db
from app.core.base import Scope
from app.core.ids import new_id
from app.taxonomy import service
from app.taxonomy.models import Location


def test_every_place_has_a_parent_above_it_and_one_slug():
    places = service.locations()
    slugs = [place.slug for place in places]

    assert len(slugs) == len(set(slugs))
    for at, place in enumerate(places):
        assert (place.parent is None) == (place.kind == "province")
        assert place.parent is None or place.parent in slugs[:at]


def test_the_big_cities_are_where_they_are():
    places = {place.slug: place for place in service.locations()}

    assert places["lahore"].parent == "punjab"
    assert places["karachi"].parent == "sindh"
    assert places["lahore"].name_ur == "لاہور"
    assert abs(places["karachi"].lat - 24.86) < 0.1
    assert abs(places["karachi"].lon - 67.01) < 0.1


async def test_seeding_twice_changes_nothing(database):
    async with db.system() as session:
        first = await service.seed(session)
    async with db.system() as session:
        second = await service.seed(session)
        count = await session.scalar(select(func.count()).select_from(Location))

    assert first == count == len(service.locations())
    assert second == 0


async def test_the_seed_corrects_a_row_and_keeps_what_staff_added(database):
    async with db.system() as session:
        await service.seed(session)
        await session.execute(update(Location).where(Location.slug == "lahore").values(name="Lahor"))
        parent = await session.scalar(select(Location.id).where(Location.slug == "lahore"))
        await session.execute(
            insert(Location).values(
                id=new_id(), parent_id=parent, kind="area", slug="lahore-gulberg", name="Gulberg", name_ur="گلبرگ",
                lat=31.5, lon=74.3, aliases=[], weight=0,
            )
        )  # fmt: skip
        changed = await service.seed(session)
        names = (await session.scalars(select(Location.name).where(Location.slug.startswith("lahore")))).all()

    assert changed == 1
    assert sorted(names) == ["Gulberg", "Lahore"]


async def test_the_application_reads_places_without_an_org_and_cannot_write_them(database):
    async with db.system() as session:
        await service.seed(session)
    async with db.unit(Scope(), read=True) as session:
        assert await session.scalar(select(Location.name).where(Location.slug == "multan")) == "Multan"

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with db.unit(Scope()) as session:
            await session.execute(text("delete from location"))
