"""Listings of ours that are perhaps the same car: same facts, nearly the same kilometres and price."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.core.base import Db
from app.core.ids import Id
from app.listings.models import Listing, ListingPair
from app.listings.schemas import TwinRow

STANDING = ("draft", "pending", "live", "reserved", "expired")
_NEAR_KM, _KM_PERCENT, _PRICE_PERCENT = 1_500, 3, 8
_Other = aliased(Listing)


def twin_of(car: Any, other: Any) -> ColumnElement[bool]:
    """What one of the two does not say decides nothing; what both say must fit."""
    return and_(
        other.id != car.id,
        other.org_id == car.org_id,
        other.deleted_at.is_(None),
        other.status.in_(STANDING),
        other.model_id == car.model_id,
        other.year == car.year,
        *(_same(getattr(car, name), getattr(other, name)) for name in ("trim_id", "colour", "registered_in")),
        func.abs(other.odometer_km - car.odometer_km) * 100
        <= func.greatest(_NEAR_KM * 100, func.greatest(other.odometer_km, car.odometer_km) * _KM_PERCENT),
        or_(
            car.asking_price.is_(None),
            other.asking_price.is_(None),
            func.abs(other.asking_price - car.asking_price) * 100
            <= func.greatest(other.asking_price, car.asking_price) * _PRICE_PERCENT,
        ),
        ~_parted(car, other),
    )


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return or_(one.is_(None), other.is_(None), one == other)


def _parted(car: Any, other: Any) -> ColumnElement[bool]:
    first = case((car.id < other.id, car.id), else_=other.id)
    second = case((car.id < other.id, other.id), else_=car.id)
    return exists().where(ListingPair.first_id == first, ListingPair.second_id == second).correlate_except(ListingPair)


def has_twin() -> ColumnElement[bool]:
    """Of `Listing`: there is another that is perhaps the same."""
    other = aliased(Listing)
    return and_(Listing.status.in_(STANDING), exists().where(twin_of(Listing, other)).correlate_except(other))


async def twins(db: Db, listing_id: Id) -> list[TwinRow]:
    """The others that are perhaps the same car as this one of ours; the oldest first."""
    found = await db.execute(_twins().where(Listing.id == listing_id).order_by(_Other.id).limit(10))
    return [TwinRow(*row) for row in found]


def _twins() -> Select[*tuple[Any, ...]]:
    columns = [getattr(_Other, name) for name in TwinRow.__struct_fields__]
    return (
        select(*columns)
        .select_from(Listing)
        .join(_Other, twin_of(Listing, _Other))
        .where(Listing.deleted_at.is_(None), Listing.status.in_(STANDING))
    )
