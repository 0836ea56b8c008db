"""Cars as documents of an outside engine: only those that anybody may find."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.adapters.search.port import ListingDoc
from app.core.base import Db
from app.core.ids import Id
from app.listings import rules
from app.listings.models import Listing
from app.orgs.models import Storefront
from app.taxonomy.models import Category, Location
from app.vehicles.models import Make, Model, Trim

_MANY = 1000
_PROVINCE, _PARENT = aliased(Location), aliased(Category)


async def documents(db: Db, ids: Sequence[Id]) -> list[ListingDoc]:
    """Of those that are on the market; the others are to be deleted. Needs a system session."""
    return [_document(row) for row in await db.execute(_cars().where(Listing.id.in_(ids)))]


async def every_document(db: Db) -> AsyncIterator[list[ListingDoc]]:
    """The whole market, so many at a time, in the order of ids. Needs a system session."""
    after: Id | None = None
    while True:
        some = _cars().order_by(Listing.id).limit(_MANY)
        rows = (await db.execute(some if after is None else some.where(Listing.id > after))).all()
        if not rows:
            return
        yield [_document(row) for row in rows]
        after = rows[-1].Listing.id


def _cars() -> Select[*tuple[Any, ...]]:
    return (
        select(Listing, Make, Model, Trim, Location, _PROVINCE, Category, _PARENT)
        .join(Storefront, Storefront.org_id == Listing.org_id)
        .outerjoin(Make, Make.id == Listing.make_id)
        .outerjoin(Model, Model.id == Listing.model_id)
        .outerjoin(Trim, Trim.id == Listing.trim_id)
        .outerjoin(Location, Location.id == Listing.location_id)
        .outerjoin(_PROVINCE, _PROVINCE.id == Location.parent_id)
        .outerjoin(Category, Category.id == Listing.category_id)
        .outerjoin(_PARENT, _PARENT.id == Category.parent_id)
        .where(
            Listing.deleted_at.is_(None),
            Listing.status.in_(rules.FOUND),
            Listing.visibility == "public",
            Listing.channel == "automart",
        )
    )


def _document(row: Any) -> ListingDoc:
    car, make, model, trim, city, province, category, parent = row
    fresh_at = max(filter(None, (car.published_at, car.refreshed_at)), default=car.created_at)
    named = [one for one in (make, model, city) if one is not None]
    names = [name for one in named for name in (one.name, one.name_ur, *one.aliases)]
    return ListingDoc(
        id=car.id,
        number=car.number,
        version=car.version,
        org=car.org_id,
        branch=car.branch_id,
        title=car.title,
        description=car.description,
        names=tuple(names + ([trim.name] if trim else [])),
        category_path=tuple(one.slug for one in (parent, category) if one is not None),
        location_path=tuple(one.slug for one in (province, city) if one is not None),
        price=car.asking_price,
        condition=car.condition,
        attrs={name: value for name, value in car.attributes.items() if isinstance(value, str | int | float | bool)},
        lat=city.lat if city else None,
        lon=city.lon if city else None,
        published_at=car.published_at,
        refreshed_at=car.refreshed_at,
        fresh_at=fresh_at,
        quality_score=car.quality_score,
        rank=rules.rank(fresh_at, car.quality_score),
        make=make and make.slug,
        model=model and model.slug,
        trim=trim and trim.slug,
        year=car.year,
        km=car.odometer_km,
        cc=car.engine_cc,
        city=city and city.slug,
        body=car.body,
        fuel=car.fuel,
        transmission=car.transmission,
        assembly=car.assembly,
        colour=rules.colour(car.colour),
        registered=rules.region(car.registered_in),
        auction="sheet" if car.auction_grade else None,
        paint=car.paint,
        seller="dealer" if car.branch_id else "private",
        photos=bool(car.photo_score),
        status=car.status,
        visibility=car.visibility,
        channel=car.channel,
    )
