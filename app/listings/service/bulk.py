"""Many listings at once: one statement a table and one fact a chunk."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import insert

from app.core.base import Db
from app.core.events import record
from app.core.ids import new_id
from app.listings import rules
from app.listings.facts import StockFilled
from app.listings.models import Listing, ListingPrice, ListingSearch, ListingText
from app.listings.queries import Car
from app.listings.service.changes import title_of
from app.listings.service.indexing import numbered, search_row, sells, text_row
from app.taxonomy.models import Location

_COLUMNS = [
    column.name for column in Listing.__table__.columns if column.name not in ("number", "attributes", "category_id")
]


class Made(Struct, frozen=True):
    """A listing to be, with the things it points at."""

    listing: Listing
    car: Car
    place: Location


def made(car: Car, place: Location, fields: dict[str, Any]) -> Made:
    """Everything that follows from the car and the place filled in."""
    listing = Listing(
        **{
            "id": new_id(),
            "make_id": car.make.id,
            "model_id": car.model.id,
            "trim_id": car.trim.id if car.trim else None,
            "title": title_of(car, fields["year"]),
            "location_id": place.id,
            "lat": place.lat,
            "lon": place.lon,
            "version": 1,
            "quality_score": 0,
            "photo_score": 0,
            "in_feeds": False,
            "demo": False,
            "condition": "used",
            **fields,
        }
    )
    listing.quality_score = rules.quality(listing)
    return Made(listing, car, place)


async def add_many(db: Db, stock: Sequence[Made]) -> None:
    """All of the org in scope. They must be new: what is there already is the caller's to leave out."""
    rows = [{name: getattr(one.listing, name) for name in _COLUMNS} for one in stock]
    await db.execute(insert(Listing), rows)
    prices = [
        {
            "id": new_id(),
            "org_id": row["org_id"],
            "listing_id": row["id"],
            "price": row["asking_price"],
            "at": row["created_at"],
            "reason": "created",
        }
        for row in rows
    ]
    await db.execute(insert(ListingPrice), prices)
    found = [search_row(one.listing, one.car.make, one.car.model, one.car.trim, one.place) for one in stock]
    await db.execute(insert(ListingSearch), await numbered(db, found, is_open=await sells(db)))
    texts = [text_row(one.listing, one.car.make, one.car.model, one.car.trim, one.place) for one in stock]
    await db.execute(insert(ListingText), texts)
    org_id = rows[0]["org_id"]
    record(db, StockFilled(org_id=org_id, id=org_id), changed={"listings": (None, len(rows))})
