"""One listing as its reader may see it: the public, or the org that sells it."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import Select, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core import db as database
from app.core.base import Db, Scope, kept, one_or
from app.core.ids import Id
from app.listings import rules
from app.listings.errors import ListingGone
from app.listings.models import Listing, ListingPrice
from app.listings.queries.twins import has_twin
from app.listings.schemas import DropRow, ListingCard, ListingHit, OrgRef, PriceRow, PublicListing, StockRow
from app.media import queries as media
from app.media.schemas import MediaRow
from app.orgs.models import Storefront, StorefrontBranch
from app.taxonomy.models import Category, Location
from app.vehicles.models import Make, Model, Trim

_H = TypeVar("_H", bound=ListingHit)

_OF_LISTING = (
    "id", "number", "title", "year", "asking_price", "odometer_km", "status", "registered_in", "engine_cc", "fuel",
    "transmission", "body", "colour", "assembly", "import_year", "auction_grade", "token_paid_to", "documents", "paint",
    "condition", "published_at",
)  # fmt: skip
_HIT: dict[str, Any] = {
    **{name: getattr(Listing, name) for name in _OF_LISTING},
    "seller_id": Listing.seller_id,
    "make": Make.slug,
    "make_name": Make.name,
    "make_name_ur": Make.name_ur,
    "model": Model.slug,
    "model_name": Model.name,
    "model_name_ur": Model.name_ur,
    "variant": Trim.slug,
    "variant_name": Trim.name,
    "city": Location.slug,
    "city_name": Location.name,
    "city_name_ur": Location.name_ur,
    "org_slug": Storefront.slug,
    "org_name": Storefront.name,
    "branch": StorefrontBranch.slug,
    "branch_name": StorefrontBranch.name,
}
_CATEGORY = select(Category.slug).where(Category.id == Listing.category_id).correlate(Listing).scalar_subquery()
_PUBLIC = {
    "category": _CATEGORY,
    "attributes": Listing.attributes,
    "sold_at": Listing.sold_at,
    "org_id": Listing.org_id,
    "branch_id": Listing.branch_id,
    "description": Listing.description,
    "quality_score": Listing.quality_score,
    "demo": Listing.demo,
    "version": Listing.version,
    "visibility": Listing.visibility,
    "channel": Listing.channel,
    "own_phone": Listing.contact_phone_masked,
    "branch_phone": StorefrontBranch.phone_masked,
    "branch_city": StorefrontBranch.city,
    "branch_address": StorefrontBranch.address,
}
_ROW = {
    name: getattr(Listing, name)
    for name in (
        "branch_id",
        "visibility",
        "channel",
        "status_reason",
        "stock_number",
        "doubt",
        "in_feeds",
        "created_at",
        "version",
    )
}
_CARD = _ROW | {"category": _CATEGORY, "attributes": Listing.attributes} | {
    name: getattr(Listing, name)
    for name in (
        "org_id", "description", "quality_score", "photo_score", "demo", "lat", "lon", "refreshed_at", "expires_at",
        "sold_at", "sold_price",
    )
}  # fmt: skip


def reading(more: dict[str, Any]) -> Select[*tuple[Any, ...]]:
    """Listings with the names of everything they point at. What the scope may not see is not found."""
    columns = [column.label(name) for name, column in (_HIT | more).items()]
    return (
        select(*columns)
        .select_from(Listing)
        .outerjoin(Make, Make.id == Listing.make_id)
        .outerjoin(Model, Model.id == Listing.model_id)
        .outerjoin(Trim, Trim.id == Listing.trim_id)
        .outerjoin(Location, Location.id == Listing.location_id)
        .outerjoin(Storefront, Storefront.org_id == Listing.org_id)
        .outerjoin(StorefrontBranch, StorefrontBranch.branch_id == Listing.branch_id)
        .where(Listing.deleted_at.is_(None))
    )


def rows_of_stock() -> Select[*tuple[Any, ...]]:
    return reading(_ROW | {"twin": has_twin()})


async def stock_of(db: Db, rows: Sequence[Any]) -> list[StockRow]:
    """With the cover of each."""
    private = {row.id for row in rows if not _public_row(row)}
    covers = await media.covers(db, {row.id for row in rows}, private=private)
    return [made(StockRow, row, photo=covers.get(row.id)) for row in rows]


def _public_row(row: Any) -> bool:
    """Whether anybody may see it, and so its pictures under plain addresses."""
    return rules.visible("anonymous", row.visibility, row.channel, row.status)


async def card(db: Db, listing_id: Id) -> ListingCard:
    """One of our own, in any state. Raises ListingGone."""
    found = await db.execute(
        reading(_CARD | {"twin": has_twin()}).where(Listing.id == listing_id, Listing.org_id == db.scope.org_id)
    )
    row = one_or(found, ListingGone)
    private = () if _public_row(row) else (row.id,)
    return made(ListingCard, row, photo=(await media.covers(db, (row.id,), private=private)).get(row.id))


async def is_ours(db: Db, listing_id: Id) -> bool:
    found = await db.scalar(select(Listing.id).where(Listing.id == listing_id, Listing.org_id == db.scope.org_id))
    return found is not None


async def require_ours(scope: Scope, listing_id: Id) -> None:
    """Looked up and over: for who then talks to others before anything is written. Raises ListingGone."""
    async with database.unit(scope, read=True) as db:
        if not await is_ours(db, listing_id):
            raise ListingGone


async def row(db: Db, listing_id: Id) -> StockRow:
    """Raises ListingGone."""
    found = await db.execute(rows_of_stock().where(Listing.id == listing_id, Listing.org_id == db.scope.org_id))
    return (await stock_of(db, [one_or(found, ListingGone)]))[0]


async def rows(db: Db, ids: Sequence[Id]) -> dict[Id, StockRow]:
    """Those of them that are ours."""
    found = await db.execute(rows_of_stock().where(Listing.id.in_(ids), Listing.org_id == db.scope.org_id))
    return {row.id: row for row in await stock_of(db, list(found))}


async def public_listing(db: Db, number: int) -> PublicListing:
    """What this reader may see of the listing with that number: live, reserved or sold. Raises ListingGone."""
    return await _public(db, _BY_NUMBER, number)


async def public_listing_or_none(db: Db, number: int) -> PublicListing | None:
    """For the page that has words of its own for what is gone."""
    try:
        return await public_listing(db, number)
    except ListingGone:
        return None


async def public_listing_of(db: Db, listing_id: Id) -> PublicListing:
    """Raises ListingGone."""
    return await _public(db, _BY_ID, listing_id)


_SHOWN = reading(_PUBLIC).where(Listing.status.in_(rules.SHOWN))
_BY_NUMBER, _BY_ID = (kept(_SHOWN.where(column == bindparam("which"))) for column in (Listing.number, Listing.id))


async def _public(db: Db, statement: Select[*tuple[Any, ...]], which: int | Id) -> PublicListing:
    row = one_or(await db.execute(statement, {"which": which}), ListingGone)
    phone = row.own_phone or row.branch_phone
    more = {"trade": not _public_row(row), "photos": [], "photo": None}
    return made(PublicListing, row, phone_masked=phone, slug=slug_of(row), open=row.status in rules.OPEN, **more)


async def public_versions(db: Db, ids: Collection[Id]) -> dict[Id, int]:
    """Of those listings that this reader may see: live, reserved or sold."""
    found = await db.execute(
        select(Listing.id, Listing.version).where(
            Listing.id.in_(ids), Listing.status.in_(rules.SHOWN), Listing.deleted_at.is_(None)
        )
    )
    return {row.id: row.version for row in found}


async def illustrated(db: Db, listing: PublicListing) -> PublicListing:
    """With its photos, for who looks at them."""
    photos = await media.pictures(db, listing.id, private=listing.trade)
    return msgspec.structs.replace(listing, photos=photos, photo=photos[0] if photos else None)


_HITS = kept(reading({}).where(Listing.id == any_(bindparam("ids", type_=ARRAY(Uuid(as_uuid=True))))))


async def hits(db: Db, ids: Sequence[Id]) -> list[ListingHit]:
    """What a search found, read again under this reader's eyes, in the same order."""
    if not ids:
        return []
    found = {row.id: row for row in await db.execute(_HITS, {"ids": list(ids)})}
    covers = await media.covers(db, found.keys())
    return [made(ListingHit, found[id_], photo=covers.get(id_)) for id_ in ids if id_ in found]


async def public_hits(db: Db, numbers: Collection[int]) -> dict[int, ListingHit]:
    """Of the listings with these numbers those that this reader may see: live, reserved or sold."""
    if not numbers:
        return {}
    wanted = reading({}).where(Listing.number.in_(numbers), Listing.status.in_(rules.SHOWN))
    rows = list(await db.execute(wanted))
    covers = await media.covers(db, [row.id for row in rows])
    return {row.number: made(ListingHit, row, photo=covers.get(row.id)) for row in rows}


async def photos(db: Db, listing_id: Id) -> list[MediaRow]:
    """Of one of our own, in every state. Raises ListingGone."""
    return await media.rows(db, listing_id, private=not await _is_public(db, listing_id))


class Album(Struct, frozen=True):
    """A listing's pictures as its page in the desk shows them. `alike`: those that another car of ours has too."""

    photos: list[MediaRow]
    removed: list[MediaRow]
    alike: dict[Id, Id]


async def album(db: Db, listing_id: Id) -> Album:
    """Raises ListingGone."""
    private = not await _is_public(db, listing_id)
    photos = await media.rows(db, listing_id, private=private)
    removed = await media.removed(db, listing_id, private=private)
    return Album(photos, removed, await media.alike(db, listing_id) if photos else {})


async def _is_public(db: Db, listing_id: Id) -> bool:
    """Raises ListingGone for what is not ours."""
    found = await db.execute(
        select(Listing.visibility, Listing.channel, Listing.status).where(
            Listing.id == listing_id, Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None)
        )
    )
    return _public_row(one_or(found, ListingGone))


async def prices(db: Db, listing_id: Id) -> list[PriceRow]:
    """What one of our own asked, the latest first."""
    found = await db.execute(
        select(ListingPrice.price, ListingPrice.at, ListingPrice.reason)
        .where(ListingPrice.listing_id == listing_id, ListingPrice.org_id == db.scope.org_id)
        .order_by(ListingPrice.at.desc(), ListingPrice.id.desc())
        .limit(50)
    )
    return [PriceRow(*row) for row in found]


async def drops(db: Db, listing: PublicListing) -> list[DropRow]:
    """What buyers are told of its price, the latest first: drops only, and only since it is on the market."""
    if listing.published_at is None:
        return []
    found = await db.execute(
        select(ListingPrice.price, ListingPrice.at)
        .where(ListingPrice.listing_id == listing.id)
        .order_by(ListingPrice.at.desc(), ListingPrice.id.desc())
        .limit(50)
    )
    history = [rules.Asked(*row) for row in found][::-1]
    return [DropRow(*one) for one in rules.drops(history, listing.published_at)]


async def for_change(db: Db, listing_id: Id) -> Listing:
    """One of our own, locked. Raises ListingGone."""
    found = await db.scalars(
        select(Listing)
        .where(Listing.id == listing_id, Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None))
        .with_for_update()
    )
    listing: Listing = one_or(found, ListingGone)
    return listing


def slug_of(row: Any) -> str:
    """The readable end of a listing's address."""
    parts = (row.make, row.model, row.variant, row.year and str(row.year), row.city)
    return rules.slug(" ".join(part for part in parts if part)) or "car"


def made(kind: type[_H], row: Any, **more: Any) -> _H:
    """A row of `reading` as what is shown of it."""
    values = {**row._asdict(), **more}
    values["org"] = OrgRef(values.get("org_slug") or "", values.get("org_name") or "")
    values["seller"] = "private" if values["seller_id"] and not values["branch"] else "dealer"
    values["url"] = f"/l/{row.number}-{slug_of(row)}"
    return kind(**{name: values[name] for name in kind.__struct_fields__})
