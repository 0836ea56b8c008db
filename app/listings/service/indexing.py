"""The search rows of a listing, written in the transaction that changed it."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert

from app.core.base import Db
from app.listings import queries, rules
from app.listings.models import Listing, ListingSearch, ListingText
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model, Trim

_SAME = (
    "id", "org_id", "branch_id", "status", "visibility", "channel", "year", "asking_price", "odometer_km", "engine_cc",
    "body", "fuel", "transmission", "assembly", "colour", "paint", "condition", "quality_score", "lat", "lon",
    "version",
)  # fmt: skip


_KINDS = ("body", "fuel", "transmission", "assembly", "colour", "registered_in", "paint")


async def index(db: Db, listing: Listing) -> None:
    """Write what searches read, or take it away with a deleted listing."""
    await db.flush()
    if listing.deleted_at is not None:
        await db.execute(delete(ListingText).where(ListingText.id == listing.id))
        await db.execute(delete(ListingSearch).where(ListingSearch.id == listing.id))
        return
    make, model, trim = await queries.car_by_ids(db, listing.make_id, listing.model_id, listing.trim_id)
    place = await db.get(Location, listing.location_id) if listing.location_id else None
    await write(db, [search_row(listing, make, model, place)], [text_row(listing, make, model, trim, place)])


async def write(db: Db, searches: list[dict[str, Any]], texts: list[dict[str, Any]]) -> None:
    """Put rows in place of those there."""
    for table, rows in ((ListingSearch, searches), (ListingText, texts)):
        statement = insert(table).values(rows)
        new = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "org_id")}
        await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=new))


async def reindex(db: Db, listings: Sequence[Listing]) -> None:
    """The same for many whose car, place and words stayed: their rows are there already."""
    if not listings:
        return
    searches, texts = cast(Table, ListingSearch.__table__), cast(Table, ListingText.__table__)
    rows = [{f"to_{name}": value for name, value in _own(one).items()} for one in listings]
    new: dict[str, Any] = {name: bindparam(f"to_{name}") for name in _own(listings[0]) if name not in ("id", "org_id")}
    await db.flush()
    connection = await db.connection()
    await connection.execute(update(searches).where(searches.c.id == bindparam("to_id")).values(new), rows)
    alive = [{"to_id": one.id, "to_live": live(one)} for one in listings]
    await connection.execute(
        update(texts).where(texts.c.id == bindparam("to_id")).values(live=bindparam("to_live")), alive
    )


def search_row(listing: Any, make: Make | None, model: Model | None, place: Location | None) -> dict[str, Any]:
    return {
        **_own(listing),
        "registered": rules.slug(listing.registered_in or "") or None,
        "auction": "sheet" if listing.auction_grade else None,
        "make": make and make.slug,
        "model": model and model.slug,
        "city": place and place.slug,
    }


def _own(listing: Any) -> dict[str, Any]:
    """What the listing says without the catalogue."""
    return {
        **{name: getattr(listing, name) for name in _SAME},
        "live": live(listing),
        "fresh_at": max(filter(None, (listing.published_at, listing.refreshed_at)), default=None),
        "seller": "dealer" if listing.branch_id else "private",
    }


def text_row(
    listing: Any, make: Make | None, model: Model | None, trim: Trim | None, place: Location | None
) -> dict[str, Any]:
    named = [(found, weight) for found, weight in ((make, "A"), (model, "A"), (place, "B")) if found is not None]
    words = rules.weighed(
        (
            (listing.title, "A"),
            *((f"{one.name} {one.name_ur} {' '.join(one.aliases)}", weight) for one, weight in named),
            (trim.name if trim else "", "A"),
            (str(listing.year or ""), "A"),
            *((getattr(listing, name) or "", "C") for name in _KINDS),
            (f"auction sheet grade {listing.auction_grade}" if listing.auction_grade else "", "C"),
            (listing.description, "D"),
        )
    )  # fmt: skip
    return {"id": listing.id, "org_id": listing.org_id, "live": live(listing), "words": words}


def live(listing: Any) -> bool:
    return listing.deleted_at is None and rules.found(listing.visibility, listing.channel, listing.status)
