"""What a listing has cost, and what is left."""

from typing import Any

import msgspec
from sqlalchemy import select

from app.core.base import Db, one_or
from app.core.ids import Id
from app.listings import rules
from app.listings.errors import ListingGone
from app.listings.models import CostSheet, Listing
from app.listings.schemas import CostLine, CostSheetPage

_SHEET = (
    CostSheet.lines,
    CostSheet.total,
    CostSheet.version,
    CostSheet.changed_at,
    Listing.asking_price,
    Listing.sold_price,
)


async def costs(db: Db, listing_id: Id) -> CostSheetPage:
    """Of one of our own; empty where nothing was written yet. Raises ListingGone."""
    found = await db.execute(
        select(*_SHEET)
        .select_from(Listing)
        .outerjoin(CostSheet, CostSheet.listing_id == Listing.id)
        .where(Listing.id == listing_id, Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None))
    )
    return _page(one_or(found, ListingGone))


def _page(row: Any) -> CostSheetPage:
    total, price = row.total or 0, row.sold_price or row.asking_price
    left = rules.margin(price, total)
    return CostSheetPage(
        lines=msgspec.convert(row.lines or [], list[CostLine]),
        total=total,
        price=price,
        sold=row.sold_price is not None,
        margin=left and left.rupees,
        margin_percent=left and left.percent,
        version=row.version or 0,
        changed_at=row.changed_at,
    )


async def costs_for_change(db: Db, listing_id: Id) -> CostSheet | None:
    found: CostSheet | None = await db.scalar(
        select(CostSheet).where(CostSheet.listing_id == listing_id).with_for_update()
    )
    return found
