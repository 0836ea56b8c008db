"""Filling the catalogue from the file beside it."""

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core.base import Base, Db
from app.core.ids import Id, new_id
from app.vehicles.models import Make, Model, Trim
from app.vehicles.schemas import MakeSeed

DATA = Path(__file__).parent / "data"


def catalogue() -> list[MakeSeed]:
    return msgspec.json.decode((DATA / "catalogue.json").read_bytes(), type=list[MakeSeed])


async def seed(db: Db) -> int:
    """Make or correct the makes, models and trims of the file; how many changed. What staff added stays.

    Needs a system session: the application's role only reads here.
    """
    make_ids: dict[str, Id] = {row.slug: row.id for row in await db.execute(select(Make.slug, Make.id))}
    model_ids = {(make, slug): id_ for make, slug, id_ in await db.execute(select(Model.make_id, Model.slug, Model.id))}
    makes: list[dict[str, Any]] = []
    models: list[dict[str, Any]] = []
    trims: list[dict[str, Any]] = []
    for make in catalogue():
        make_id = make_ids.setdefault(make.slug, new_id())
        weight = sum(model.weight for model in make.models)
        makes.append({**_fields(make, "models"), "id": make_id, "weight": weight})
        for model in make.models:
            model_id = model_ids.setdefault((make_id, model.slug), new_id())
            models.append({**_fields(model, "trims"), "id": model_id, "make_id": make_id})
            trims += [{**_fields(trim), "id": new_id(), "model_id": model_id} for trim in model.trims]
    changed = await _write(db, Make, makes, ("slug",))
    changed += await _write(db, Model, models, ("make_id", "slug"))
    return changed + await _write(db, Trim, trims, ("model_id", "slug"))


def _fields(seed_row: msgspec.Struct, *without: str) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(seed_row).items() if name not in without}


async def _write(db: Db, table: type[Base], rows: list[dict[str, Any]], key: tuple[str, ...]) -> int:
    statement = insert(table).values(rows)
    new = {name: statement.excluded[name] for name in rows[0] if name not in ("id", *key)}
    differs = or_(*(getattr(table, name).is_distinct_from(value) for name, value in new.items()))
    changed = await db.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=new, where=differs).returning(
            table.__table__.c.id
        )
    )
    return len(changed.all())
