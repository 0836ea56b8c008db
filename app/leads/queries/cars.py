"""The cars a lead can be about, as somebody at the desk names them."""

from collections import Counter

from msgspec import Struct
from sqlalchemy import ColumnElement, exists, or_, select

from app.core.base import Db
from app.core.errors import Invalid
from app.core.ids import Id
from app.listings.models import Listing
from app.orgs.models import Branch, Org


class CarChoice(Struct, frozen=True):
    """`mark` is what people call the car by: its stock number, or its number on the market."""

    mark: str
    title: str


async def cars(db: Db, *, within: Id | None) -> list[CarChoice]:
    """What stands for sale, the newest first."""
    found = await db.scalars(
        select(Listing)
        .where(*_ours(db, within), Listing.status.in_(("live", "reserved")))
        .order_by(Listing.created_at.desc())
        .limit(200)
    )
    return [CarChoice(car.stock_number or str(car.number), car.title) for car in found]


async def car_marked(db: Db, mark: str, *, within: Id | None) -> Id:
    """The car with this stock number or market number. Raises Invalid."""
    either: list[ColumnElement[bool]] = [Listing.stock_number == mark]
    if mark.isascii() and mark.isdigit() and len(mark) < 19:
        either.append(Listing.number == int(mark))
    found: Id | None = await db.scalar(select(Listing.id).where(*_ours(db, within), or_(*either)).limit(1))
    if found is None:
        raise Invalid([{"field": "car", "message": "No car of ours has this number."}])
    return found


async def cars_of(db: Db, branch: str) -> list[tuple[Id, str]]:
    """What a branch offers everybody, by stock number: id and title."""
    found = await db.execute(
        select(Listing.id, Listing.title)
        .join(Branch, Branch.id == Listing.branch_id)
        .where(*_ours(db, None), Branch.slug == branch, Listing.status == "live", Listing.visibility == "public")
        .order_by(Listing.stock_number)
    )
    return [(id_, title) for id_, title in found]


class Selling(Struct, frozen=True):
    """A branch that offers something. `name` is org/branch, `rank` its place among those of its org."""

    org_id: Id
    branch_id: Id
    name: str
    rank: int


async def selling(db: Db) -> list[Selling]:
    """Every branch of every org with something on the market, by name. Asked as the system."""
    found = await db.execute(
        select(Branch.org_id, Branch.id, Org.slug, Branch.slug)
        .join(Org, Org.id == Branch.org_id)
        .where(exists().where(Listing.branch_id == Branch.id, *_ON_MARKET))
        .order_by(Org.slug, Branch.slug)
    )
    ranks: Counter[Id] = Counter()
    places = []
    for org_id, branch_id, org, branch in found:
        places.append(Selling(org_id, branch_id, f"{org}/{branch}", ranks[org_id]))
        ranks[org_id] += 1
    return places


async def priced_cars_of(db: Db, branch_id: Id) -> list[tuple[Id, str, int | None]]:
    """What a branch offers everybody: id, title and price, the oldest first."""
    found = await db.execute(
        select(Listing.id, Listing.title, Listing.asking_price)
        .where(*_ours(db, branch_id), *_ON_MARKET)
        .order_by(Listing.number)
        .limit(500)
    )
    return [(id_, title, price) for id_, title, price in found]


_ON_MARKET = (
    Listing.status == "live", Listing.visibility == "public", Listing.channel == "automart",
    Listing.deleted_at.is_(None),
)  # fmt: skip


def _ours(db: Db, within: Id | None) -> list[ColumnElement[bool]]:
    """Of this org (the public's stock is readable too), still there, and of the branch where there is one."""
    conditions = [Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None)]
    return conditions if within is None else [*conditions, Listing.branch_id == within]
