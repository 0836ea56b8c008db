"""Every SELECT of the taxonomy."""

from sqlalchemy import any_, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.core.base import Db, one_or
from app.core.lists import cursors
from app.core.paging import Page, cut
from app.taxonomy.errors import PlaceUnknown
from app.taxonomy.models import Location
from app.taxonomy.schemas import LocationRow

_Parent = aliased(Location)
_ROW = (
    Location.slug, _Parent.slug.label("parent"), Location.kind, Location.name, Location.name_ur, Location.lat,
    Location.lon,
)  # fmt: skip


async def locations(
    db: Db, *, kind: str | None, parent: str | None, q: str, cursor: str | None, limit: int
) -> Page[LocationRow]:
    """The biggest first. `q` is the beginning of a name in English or Urdu, or an alias. Raises PlaceUnknown."""
    statement = select(*_ROW, Location.weight).join(_Parent, Location.parent_id == _Parent.id, isouter=True)
    if kind:
        statement = statement.where(Location.kind == kind)
    if parent:
        found = await db.execute(select(Location.id).where(Location.slug == parent))
        statement = statement.where(Location.parent_id == one_or(found, PlaceUnknown).id)
    if q:
        statement = statement.where(
            or_(
                Location.name.istartswith(q, autoescape=True),
                Location.name_ur.startswith(q, autoescape=True),
                any_(Location.aliases) == q.lower(),
            )
        )
    signed = cursors(db, f"locations|{kind}|{parent}|{q}")
    if after := signed.decode(cursor, tuple[int, str]):
        statement = statement.where(tuple_(-Location.weight, Location.slug) > tuple_(*after))
    ordered = statement.order_by(-Location.weight, Location.slug).limit(limit + 1)
    rows, more = cut(list((await db.execute(ordered)).all()), limit)
    items = [LocationRow(*row[:-1]) for row in rows]  # type: ignore[arg-type]
    return Page(items, signed.encode(-rows[-1].weight, rows[-1].slug) if more else None)
