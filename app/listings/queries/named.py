"""Names, in both languages, of the slugs that searches and their counts carry."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec import Struct
from sqlalchemy import Table, Text, any_, bindparam, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.base import Db
from app.listings.schemas import ListingSearchForm
from app.orgs.models import Storefront, StorefrontBranch
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model


class Name(Struct, frozen=True):
    name: str
    name_ur: str

    def in_(self, lang: str) -> str:
        return (self.name_ur if lang == "ur" else self.name) or self.name


Names = dict[str, dict[str, Name]]


_TABLES = {name: cast(Table, model.__table__) for name, model in (("make", Make), ("model", Model), ("city", Location))}
_CATALOGUED = union_all(
    *(
        select(literal(name), table.c.slug, table.c.name, table.c.name_ur).where(
            table.c.slug == any_(bindparam(name, type_=ARRAY(Text())))
        )
        for name, table in _TABLES.items()
    )
)
"""One question for the names of all three, which belong to nobody."""


async def names(db: Db, counted: Any, asked: ListingSearchForm | None = None) -> Names:
    """Of every make, model, city, org and branch that was counted or asked for."""
    wanted = {name: _wanted(name, counted, asked) for name in ("make", "model", "city", "org", "branch")}
    found: Names = {name: {} for name in wanted}
    slugs = {name: list(wanted[name]) for name in _TABLES}
    if any(slugs.values()):
        for name, slug, *said in await (await db.connection()).execute(_CATALOGUED, slugs):
            found[name][slug] = Name(*said)
    for name, front in (("org", Storefront), ("branch", StorefrontBranch)):
        if wanted[name]:
            rows = await db.execute(select(front.slug, front.name).where(front.slug.in_(wanted[name])))
            found[name] = {row[0]: Name(row[1], row[1]) for row in rows}
    return found


def _wanted(name: str, counted: Any, asked: ListingSearchForm | None) -> set[str]:
    values = set(counted.get(name, ())) if isinstance(counted, Mapping) else set()
    return values | set(getattr(asked, name) if asked is not None else ())


class NamedModel(Struct, frozen=True):
    """With what people call it by: the make before the model. `names` has both by themselves."""

    make: str
    model: str
    names: Names
    name: str
    name_ur: str


async def named_models(db: Db, slugs: Sequence[str]) -> list[NamedModel]:
    """In the order of `slugs`; of makes that share a name the first in the alphabet."""
    found = await db.execute(
        select(Make.slug, Model.slug, Make.name, Model.name, Make.name_ur, Model.name_ur)
        .join(Make, Make.id == Model.make_id)
        .where(Model.slug.in_(slugs))
        .order_by(Make.slug.desc())
    )
    named = {}
    for make, model, make_name, name, make_ur, name_ur in found:
        both = {"make": {make: Name(make_name, make_ur)}, "model": {model: Name(name, name_ur)}}
        said, said_ur = f"{make_name} {name}", f"{make_ur or make_name} {name_ur or name}"
        named[model] = NamedModel(make, model, both, said, said_ur)
    return [named[slug] for slug in slugs if slug in named]
