"""Filling the taxonomy from the files beside it."""

from pathlib import Path

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core.base import Db
from app.core.ids import Id, new_id
from app.taxonomy.models import Location
from app.taxonomy.schemas import LocationSeed

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
