"""Every SELECT of the taxonomy."""

from sqlalchemy import Integer, any_, bindparam, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.core.base import Db, kept, one_or
from app.core.ids import Id
from app.core.lists import cursors
from app.core.paging import Page, cut
from app.taxonomy.errors import CategoryUnknown, PlaceUnknown
from app.taxonomy.models import Attribute, Category, Location
from app.taxonomy.schemas import AttributeRow, CategoryRow, LocationRow

_Parent, _Place = aliased(Location), aliased(Location)
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


_CITIES = kept(
    select(*_ROW)
    .join(_Parent, Location.parent_id == _Parent.id, isouter=True)
    .where(Location.kind == "city")
    .order_by(-Location.weight, Location.slug)
    .limit(bindparam("most", type_=Integer()))
)


async def biggest_cities(db: Db, most: int) -> list[LocationRow]:
    """For every page of results: read through once."""
    rows = await db.execute(_CITIES, {"most": most})
    return [LocationRow(*row) for row in rows]  # type: ignore[arg-type]


async def province_of(db: Db, slug: str) -> LocationRow | None:
    """The province that the place with this slug is in, or is."""
    found = await db.execute(
        select(*_ROW)
        .outerjoin(_Parent, Location.parent_id == _Parent.id)
        .where(
            Location.kind == "province",
            or_(
                Location.slug == slug,
                Location.id == select(_Place.parent_id).where(_Place.slug == slug).scalar_subquery(),
            ),
        )
    )
    row = found.first()
    return LocationRow(*row) if row else None  # type: ignore[arg-type]


_Above = aliased(Category)


async def categories(db: Db) -> list[CategoryRow]:
    """The whole tree: parents before their children."""
    found = await db.execute(
        select(
            Category.id, Category.slug, _Above.slug.label("parent"), Category.level, Category.name, Category.name_ur,
            Category.is_leaf,
        )
        .outerjoin(_Above, _Above.id == Category.parent_id)
        .order_by(Category.level, Category.place)
    )  # fmt: skip
    return [CategoryRow(*row) for row in found]


_ATTRIBUTE = tuple(getattr(Attribute, name) for name in AttributeRow.__struct_fields__)


async def attributes(db: Db, category: str) -> list[AttributeRow]:
    """What a category asks, by its slug. Raises CategoryUnknown."""
    category_id = one_or(await db.scalars(select(Category.id).where(Category.slug == category)), CategoryUnknown)
    return await attributes_of(db, category_id)


async def attributes_of(db: Db, category_id: Id) -> list[AttributeRow]:
    found = await db.execute(select(*_ATTRIBUTE).where(Attribute.category_id == category_id).order_by(Attribute.place))
    return [AttributeRow(**{**row._asdict(), "options": dict(row.options)}) for row in found]


async def leaf(db: Db, category: str) -> Id | None:
    """Of a category that listings can be of."""
    found: Id | None = await db.scalar(select(Category.id).where(Category.slug == category, Category.is_leaf))
    return found
