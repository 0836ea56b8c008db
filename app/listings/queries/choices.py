"""What a form names: the car of the catalogue, the city, the branch."""

from collections import defaultdict
from typing import Any

from msgspec import Struct
from sqlalchemy import any_, func, or_, select

from app.core.base import Db
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id
from app.listings import rules
from app.listings.models import Listing
from app.orgs.models import Branch
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model, Trim


class Car(Struct, frozen=True):
    """A make and model, and a trim of it where known, with what they say of the car."""

    make: Make
    model: Model
    trim: Trim | None


class Kind(Struct, frozen=True):
    """A model to choose: `value` is make/model."""

    value: str
    make: str
    name: str


class Named(Struct, frozen=True):
    """Something to choose by its slug."""

    slug: str
    name: str
    name_ur: str


async def car_of(db: Db, make: str, model: str, variant: str | None) -> Car:
    """Raises Invalid, which names the field the catalogue does not know."""
    found = await db.execute(
        select(Make, Model)
        .outerjoin(Model, (Model.make_id == Make.id) & (Model.slug == model))
        .where(Make.slug == make)
    )
    row = found.one_or_none()
    if row is None:
        raise _unknown("make", _("We do not know that make."))
    if row[1] is None:
        raise _unknown("model", _("We do not know that model of this make."))
    trim = None
    if variant is not None:
        trim = await db.scalar(select(Trim).where(Trim.model_id == row[1].id, Trim.slug == variant))
        if trim is None:
            raise _unknown("variant", _("We do not know that variant of this model."))
    return Car(row[0], row[1], trim)


async def car_by_ids(db: Db, make_id: Id | None, model_id: Id | None, trim_id: Id | None) -> tuple[Any, Any, Any]:
    """Make, model and trim, each None where a draft leaves it open."""
    return (
        await db.get(Make, make_id) if make_id else None,
        await db.get(Model, model_id) if model_id else None,
        await db.get(Trim, trim_id) if trim_id else None,
    )


async def place_of(db: Db, city: str) -> Location:
    """Raises Invalid."""
    found = await db.scalar(select(Location).where(Location.slug == city, Location.kind == "city"))
    if found is None:
        raise _unknown("city", _("We do not know that city."))
    return found


async def branch_of(db: Db, slug: str) -> Branch:
    """One of our open branches. Raises Invalid."""
    found = await db.scalar(
        select(Branch).where(Branch.slug == slug, Branch.org_id == db.scope.org_id, Branch.archived_at.is_(None))
    )
    if found is None:
        raise _unknown("branch", _("There is no such branch here."))
    return found


async def branch_by_id(db: Db, branch_id: Id) -> Branch:
    """Raises Invalid."""
    found = await db.scalar(select(Branch).where(Branch.id == branch_id, Branch.org_id == db.scope.org_id))
    if found is None:
        raise _unknown("branch", _("There is no such branch here."))
    return found


async def branch_slugs(db: Db) -> dict[str, str]:
    """Of every branch of ours, by its id as text."""
    found = await db.execute(select(Branch.id, Branch.slug).where(Branch.org_id == db.scope.org_id))
    return {str(row.id): row.slug for row in found}


async def catalogue(db: Db) -> list[tuple[Make, Model, list[Trim]]]:
    """Every model with its make and trims, in a steady order."""
    trims: dict[Id, list[Trim]] = defaultdict(list)
    for trim in await db.scalars(select(Trim).order_by(Trim.slug)):
        trims[trim.model_id].append(trim)
    found = await db.execute(select(Make, Model).join(Model, Model.make_id == Make.id).order_by(Make.slug, Model.slug))
    return [(make, model, trims[model.id]) for make, model in found]


async def stock_numbers(db: Db, prefix: str) -> set[str]:
    """Of our own, those of deleted listings too."""
    found = await db.scalars(
        select(Listing.stock_number).where(
            Listing.org_id == db.scope.org_id, Listing.stock_number.startswith(prefix, autoescape=True)
        )
    )
    return {number for number in found if number is not None}


async def kinds(db: Db) -> list[Kind]:
    """Every model there is, by make."""
    found = await db.execute(
        select(Make.slug, Model.slug, Make.name, Model.name)
        .join(Model, Model.make_id == Make.id)
        .order_by(Make.name, Model.name)
    )
    return [Kind(f"{row[0]}/{row[1]}", row[2], row[3]) for row in found]


async def trims(db: Db, kind: str) -> list[Named]:
    """Variants of a `make/model`."""
    make, _, model = kind.partition("/")
    found = await db.execute(
        select(Trim.slug, Trim.name)
        .join(Model, Model.id == Trim.model_id)
        .join(Make, Make.id == Model.make_id)
        .where(Make.slug == make, Model.slug == model)
        .order_by(Trim.engine_cc, Trim.slug)
    )
    return [Named(row[0], row[1], row[1]) for row in found]


async def cities(db: Db) -> list[Named]:
    """The biggest first."""
    found = await db.execute(
        select(Location.slug, Location.name, Location.name_ur)
        .where(Location.kind == "city")
        .order_by(Location.weight.desc(), Location.slug)
    )
    return [Named(*row) for row in found]


async def place_like(db: Db, name: str) -> Location | None:
    """The city a branch says it is in, if we know it."""
    found: Location | None = await db.scalar(
        select(Location).where(Location.kind == "city", Location.name.ilike(name.strip())).limit(1)
    )
    return found


async def registration(db: Db, said: str) -> str:
    """Where a car is registered, as a slug where we know the place by any of its names; else as it was said."""
    plain = rules.fold(said).strip()
    if plain in _UNREGISTERED:
        return "unregistered"
    found: str | None = await db.scalar(
        select(Location.slug)
        .where(
            or_(
                func.lower(Location.name) == plain,
                Location.slug == rules.slug(said),
                Location.name_ur == said.strip(),
                any_(Location.aliases) == plain,
            )
        )
        .order_by(Location.weight.desc())
        .limit(1)
    )
    return found or said


_UNREGISTERED = frozenset(rules.fold(one) for one in (
    "unregistered", "un registered", "un-registered", "not registered", "not registered yet", "applied for",
    "غیر رجسٹرڈ", "ان رجسٹرڈ",
))  # fmt: skip


def _unknown(field: str, message: str) -> Invalid:
    return Invalid([{"field": field, "message": message}])
