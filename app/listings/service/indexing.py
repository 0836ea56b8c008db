"""The search rows of a listing, written in the transaction that changed it."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.base import Db
from app.listings import queries, rules
from app.listings.models import Listing, ListingSearch, ListingText
from app.listings.queries.codes import KINDS, Named
from app.listings.service.coding import coded
from app.orgs.models import Storefront
from app.taxonomy.models import Location
from app.vehicles.models import Make, Model, Trim

_SAME = ("id", "org_id", "branch_id", "year", "asking_price", "odometer_km", "engine_cc", "version")
_SAID = ("body", "fuel", "transmission", "assembly", "colour", "registered_in", "paint")
_KEPT = ("id", "org_id")
_SEARCHES = cast(Table, ListingSearch.__table__)


async def index(db: Db, listing: Listing) -> None:
    """Write what searches read, or take it away with a deleted listing."""
    await db.flush()
    if listing.deleted_at is not None:
        await db.execute(delete(ListingText).where(ListingText.id == listing.id))
        await db.execute(delete(ListingSearch).where(ListingSearch.id == listing.id))
        return
    make, model, trim = await queries.car_by_ids(db, listing.make_id, listing.model_id, listing.trim_id)
    place = await db.get(Location, listing.location_id) if listing.location_id else None
    rows = await numbered(db, [search_row(listing, make, model, trim, place)], is_open=await sells(db))
    await write(db, rows, [text_row(listing, make, model, trim, place)])


async def write(db: Db, searches: list[dict[str, Any]], texts: list[dict[str, Any]]) -> None:
    """Put rows in place of those there."""
    for table, rows in ((ListingSearch, searches), (ListingText, texts)):
        statement = insert(table).values(rows)
        new = {name: statement.excluded[name] for name in rows[0] if name not in _KEPT}
        await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=new))


async def reindex(db: Db, listings: Sequence[Listing]) -> None:
    """The same for many whose car, place and words stayed: their rows are there already."""
    if not listings:
        return
    is_open = await sells(db)
    own = [{**_own(one), "live": offered(one) and is_open} for one in listings]
    new: dict[str, Any] = {name: bindparam(f"to_{name}") for name in own[0] if name not in _KEPT}
    await db.flush()
    await (await db.connection()).execute(
        update(_SEARCHES).where(_SEARCHES.c.id == bindparam("to_id")).values(new),
        [{f"to_{name}": value for name, value in one.items()} for one in own],
    )


async def sells(db: Db) -> bool:
    """Whether the org in scope is open: a closed one's cars are not on the market, whatever their state."""
    return bool(await db.scalar(select(exists().where(Storefront.org_id == db.scope.org_id))))


async def numbered(db: Db, rows: list[dict[str, Any]], *, is_open: bool) -> list[dict[str, Any]]:
    """Rows with codes in place of slugs, and whether they are live."""
    codes = await coded(db, {named for row in rows for named in named_in(row)})
    return [
        {**row, **{kind: code_of(row, kind, codes) for kind in KINDS}, "live": row["offered"] and is_open}
        for row in rows
    ]


def named_in(row: Mapping[str, Any]) -> list[Named]:
    return [(kind, row[kind]) for kind in KINDS if row[kind]]


def code_of(row: Mapping[str, Any], kind: str, codes: Mapping[Named, int]) -> int:
    return codes.get((kind, row[kind]), 0) if row[kind] else 0


def search_row(
    listing: Any, make: Make | None, model: Model | None, trim: Trim | None, place: Location | None
) -> dict[str, Any]:
    """With slugs where the table has codes, and without `live`."""
    of_model = f"{make.slug}/{model.slug}" if make and model else None
    return {
        **_own(listing),
        "make": make and make.slug,
        "model": of_model,
        "trim": f"{of_model}/{trim.slug}" if of_model and trim else None,
        "city": place and place.slug,
        "registered": rules.region(listing.registered_in),
    }


def _own(listing: Any) -> dict[str, Any]:
    """What the listing says without the catalogue."""
    fresh_at = max(filter(None, (listing.published_at, listing.refreshed_at)), default=None)
    return {
        **{name: getattr(listing, name) for name in _SAME},
        **rules.packed(
            {
                "body": listing.body,
                "fuel": listing.fuel,
                "transmission": listing.transmission,
                "assembly": listing.assembly,
                "seller": "dealer" if listing.branch_id else "private",
                "colour": rules.colour(listing.colour),
                "paint": listing.paint,
                "auction": "sheet" if listing.auction_grade else None,
                "condition": listing.condition,
                "photos": "yes" if listing.photo_score else None,
            }
        ),
        "fresh_at": fresh_at,
        "rank": rules.rank(fresh_at or listing.created_at, listing.quality_score),
        "offered": offered(listing),
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
            *((getattr(listing, name) or "", "C") for name in _SAID),
            (f"auction sheet grade {listing.auction_grade}" if listing.auction_grade else "", "C"),
            (listing.description, "D"),
        )
    )  # fmt: skip
    return {"id": listing.id, "org_id": listing.org_id, "words": words}


def offered(listing: Any) -> bool:
    return listing.deleted_at is None and rules.found(listing.visibility, listing.channel, listing.status)
