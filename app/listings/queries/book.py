"""The whole catalogue in memory, for work that names thousands of cars."""

from types import SimpleNamespace
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Table, select

from app.core.base import Db
from app.core.ids import Id
from app.listings.rules.names import CityNames, MakeNames, ModelNames, TrimNames
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model, Trim


class StockBook(Struct, frozen=True):
    """Makes, models, trims and cities by the slugs that sheets and forms use, and by their ids."""

    makes: dict[str, Any]
    models: dict[tuple[str, str], Any]
    trims: dict[tuple[Id, str], Any]
    places: dict[str, Any]
    by_id: dict[Id, Any]
    places_by_id: dict[Id | None, Any]
    every_place: list[Any]

    def car(self, make_id: Id | None, model_id: Id | None, trim_id: Id | None) -> tuple[Any, Any, Any]:
        """Make, model and trim, each None where it is left open."""
        found = self.by_id.get
        return (
            found(make_id) if make_id else None,
            found(model_id) if model_id else None,
            found(trim_id) if trim_id else None,
        )


class BookNames(Struct, frozen=True):
    """What everything in a book is called."""

    makes: list[MakeNames]
    models: list[ModelNames]
    trims: list[TrimNames]
    places: list[CityNames]


def names_in_book(book: StockBook) -> BookNames:
    slugs = {make.id: make.slug for make in book.makes.values()}
    models = {model.id: model for model in book.models.values()}
    return BookNames(
        [MakeNames(one.slug, one.name, one.name_ur, tuple(one.aliases), one.weight) for one in book.makes.values()],
        [
            ModelNames(
                slugs[one.make_id], one.slug, one.name, one.name_ur, tuple(one.aliases), one.body, tuple(one.assembly),
                tuple(one.engines_cc), one.year_from, one.year_to, one.weight,
            )
            for one in models.values()
        ],
        [
            TrimNames(
                slugs[models[one.model_id].make_id], models[one.model_id].slug, one.slug, one.name, one.engine_cc,
                one.transmission, one.year_from, one.year_to,
            )
            for one in book.trims.values()
        ],
        [
            CityNames(one.slug, one.name, one.name_ur, tuple(one.aliases), one.kind, one.weight)
            for one in book.every_place
        ],
    )  # fmt: skip


async def stock_book(db: Db) -> StockBook:
    makes = await _all(db, Make)
    models, trims = await _all(db, Model), await _all(db, Trim)
    every_place = await _all(db, Location)
    places = [place for place in every_place if place.kind == "city"]
    slugs = {make.id: make.slug for make in makes}
    return StockBook(
        makes={make.slug: make for make in makes},
        models={(slugs[model.make_id], model.slug): model for model in models},
        trims={(trim.model_id, trim.slug): trim for trim in trims},
        places={place.slug: place for place in places},
        by_id={one.id: one for one in (*makes, *models, *trims)},
        places_by_id={place.id: place for place in places},
        every_place=every_place,
    )


async def _all(db: Db, model: Any) -> list[SimpleNamespace]:
    """Plain values: a book is read in many transactions, and by threads."""
    table: Table = model.__table__
    columns: list[Column[Any]] = list(table.columns)
    found = await db.execute(select(*columns))
    return [SimpleNamespace(**row) for row in found.mappings()]
