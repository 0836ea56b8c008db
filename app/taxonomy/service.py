"""Filling the taxonomy from the files beside it."""

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core.base import Db
from app.core.ids import Id, new_id
from app.taxonomy.models import Attribute, Category, Location
from app.taxonomy.schemas import CategorySeed, LocationSeed

DATA = Path(__file__).parent / "data"


def locations() -> list[LocationSeed]:
    return msgspec.json.decode((DATA / "locations.json").read_bytes(), type=list[LocationSeed])


async def seed(db: Db) -> int:
    """Make or correct the places of the file; how many changed. Places that staff added stay.

    Needs a system session: the application's role only reads here.
    """
    ids: dict[str, Id] = {row.slug: row.id for row in await db.execute(select(Location.slug, Location.id))}
    rows = []
    for place in locations():
        ids.setdefault(place.slug, new_id())
        values = msgspec.structs.asdict(place)
        parent = values.pop("parent")
        rows.append({**values, "id": ids[place.slug], "parent_id": ids[parent] if parent else None})
    statement = insert(Location).values(rows)
    new = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "slug")}
    changed = await db.execute(
        statement.on_conflict_do_update(
            index_elements=["slug"],
            set_=new,
            where=or_(*(getattr(Location, name).is_distinct_from(value) for name, value in new.items())),
        ).returning(Location.id)
    )
    return len(changed.all())


def categories() -> list[CategorySeed]:
    return msgspec.json.decode((DATA / "categories.json").read_bytes(), type=list[CategorySeed])


async def seed_categories(db: Db) -> int:
    """Make or correct the categories of the file and what they ask; how many changed. Needs a system session."""
    found, parents = categories(), {one.parent for one in categories()}
    ids: dict[str, Id] = {row.slug: row.id for row in await db.execute(select(Category.slug, Category.id))}
    levels: dict[str, int] = {}
    rows = list[dict[str, Any]]()
    for place, one in enumerate(found):
        levels[one.slug] = levels[one.parent] + 1 if one.parent else 0
        rows.append({
            "id": ids.setdefault(one.slug, new_id()), "parent_id": ids[one.parent] if one.parent else None,
            "level": levels[one.slug], "slug": one.slug, "name": one.name, "name_ur": one.name_ur,
            "is_leaf": one.slug not in parents, "place": place,
        })  # fmt: skip
    changed = await _put(db, Category, rows, ["slug"])
    asked = [
        {
            **{name: value for name, value in msgspec.to_builtins(attribute).items() if name != "indexed"},
            "id": new_id(), "category_id": ids[one.slug], "place": place, "is_indexed": attribute.indexed,
        }
        for one in found
        for place, attribute in enumerate(one.attributes)
    ]  # fmt: skip
    return changed + await _put(db, Attribute, asked, ["category_id", "key"])


async def _put(db: Db, table: Any, rows: list[dict[str, Any]], key: list[str]) -> int:
    """New rows, and those that differ; what is no longer in the file stays."""
    statement = insert(table).values(rows)
    new = {name: statement.excluded[name] for name in rows[0] if name not in ("id", *key)}
    differs = or_(*(getattr(table, name).is_distinct_from(value) for name, value in new.items()))
    changed = await db.execute(
        statement.on_conflict_do_update(index_elements=key, set_=new, where=differs).returning(table.id)
    )
    return len(changed.all())
