"""Every SELECT of the catalogue."""

from collections import defaultdict

from sqlalchemy import or_, select, tuple_

from app.core.base import Db, one_or
from app.core.ids import Id
from app.core.lists import cursors
from app.core.paging import Page, cut
from app.vehicles.errors import MakeUnknown
from app.vehicles.models import Make, Model, Trim
from app.vehicles.schemas import MakeRow, ModelRow, TrimRow


async def makes(db: Db, *, cursor: str | None, limit: int) -> Page[MakeRow]:
    """The most sold first."""
    statement = select(Make.slug, Make.name, Make.name_ur, Make.weight)
    signed = cursors(db, "makes")
    if after := signed.decode(cursor, tuple[int, str]):
        statement = statement.where(tuple_(-Make.weight, Make.slug) > tuple_(*after))
    found = await db.execute(statement.order_by(-Make.weight, Make.slug).limit(limit + 1))
    rows, more = cut(list(found.all()), limit)
    return Page([MakeRow(*row[:-1]) for row in rows], signed.encode(-rows[-1].weight, rows[-1].slug) if more else None)


async def models(db: Db, *, make: str, year: int | None, cursor: str | None, limit: int) -> Page[ModelRow]:
    """Models of a make with their trims, the most sold first; of a year where asked. Raises MakeUnknown."""
    make_id = one_or(await db.execute(select(Make.id).where(Make.slug == make)), MakeUnknown).id
    statement = select(Model).where(Model.make_id == make_id)
    if year is not None:
        statement = statement.where(Model.year_from <= year, or_(Model.year_to.is_(None), Model.year_to >= year))
    signed = cursors(db, f"models|{make}|{year}")
    if after := signed.decode(cursor, tuple[int, str]):
        statement = statement.where(tuple_(-Model.weight, Model.slug) > tuple_(*after))
    found = await db.scalars(statement.order_by(-Model.weight, Model.slug).limit(limit + 1))
    rows, more = cut(list(found), limit)
    trims = await _trims(db, [row.id for row in rows], year)
    items = [
        ModelRow(
            make=make,
            slug=row.slug,
            name=row.name,
            name_ur=row.name_ur,
            body=row.body,  # type: ignore[arg-type]
            fuels=row.fuels,  # type: ignore[arg-type]
            assembly=row.assembly,  # type: ignore[arg-type]
            engines_cc=row.engines_cc,
            battery_kwh=row.battery_kwh,
            year_from=row.year_from,
            year_to=row.year_to,
            trims=trims[row.id],
        )
        for row in rows
    ]
    return Page(items, signed.encode(-rows[-1].weight, rows[-1].slug) if more else None)


async def _trims(db: Db, model_ids: list[Id], year: int | None) -> dict[Id, list[TrimRow]]:
    statement = select(
        Trim.model_id, Trim.slug, Trim.name, Trim.engine_cc, Trim.transmission, Trim.year_from, Trim.year_to
    ).where(Trim.model_id.in_(model_ids))
    if year is not None:
        statement = statement.where(
            or_(Trim.year_from.is_(None), Trim.year_from <= year), or_(Trim.year_to.is_(None), Trim.year_to >= year)
        )
    found: dict[Id, list[TrimRow]] = defaultdict(list)
    for model_id, *fields in await db.execute(statement.order_by(Trim.engine_cc, Trim.slug)):
        found[model_id].append(TrimRow(*fields))  # type: ignore[arg-type]
    return found
