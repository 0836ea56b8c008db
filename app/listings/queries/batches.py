"""Changes of many listings: the cars they are about, and what they do."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.listings import rules
from app.listings.models import Listing, StockBatch, StockBatchCar
from app.listings.schemas import BatchAction, BatchCar, BatchPage


async def listings(db: Db, ids: Sequence[Id]) -> list[Listing]:
    """Those of them that are ours."""
    found = await db.scalars(_ours(db, ids))
    return list(found)


async def listings_for_change(db: Db, ids: Sequence[Id]) -> list[Listing]:
    """Locked in one order, so that two batches never wait for each other in a circle."""
    if not ids:
        return []
    found = await db.scalars(
        _ours(db, ids).order_by(Listing.id).with_for_update().execution_options(populate_existing=True)
    )
    return list(found)


def _ours(db: Db, ids: Sequence[Id]):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Select of Listing
    return select(Listing).where(Listing.id.in_(ids), Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None))


async def batch_for_change(db: Db, batch_id: Id) -> StockBatch:
    """Raises NotFound."""
    found = await db.scalars(select(StockBatch).where(StockBatch.id == batch_id).with_for_update())
    batch: StockBatch = one_or(found, NotFound)
    return batch


async def batch_cars(db: Db, batch_id: Id) -> list[StockBatchCar]:
    found = await db.scalars(
        select(StockBatchCar).where(StockBatchCar.batch_id == batch_id).order_by(StockBatchCar.place)
    )
    return list(found)


async def batch_part(db: Db, batch_id: Id, part: int) -> list[StockBatchCar]:
    """The cars of one chunk that were changed."""
    found = await db.scalars(
        select(StockBatchCar).where(
            StockBatchCar.batch_id == batch_id,
            StockBatchCar.place >= part * rules.CHUNK,
            StockBatchCar.place < (part + 1) * rules.CHUNK,
        )
    )
    return [car for car in found if car.after]


_CAR = (
    StockBatchCar.listing_id, Listing.number, Listing.title, Listing.stock_number, StockBatchCar.before,
    StockBatchCar.after, StockBatchCar.skipped,
)  # fmt: skip


async def batch(db: Db, batch_id: Id) -> BatchPage:
    """Raises NotFound."""
    made: StockBatch = one_or(await db.scalars(select(StockBatch).where(StockBatch.id == batch_id)), NotFound)
    found = await db.execute(
        select(*_CAR)
        .join(Listing, Listing.id == StockBatchCar.listing_id)
        .where(StockBatchCar.batch_id == batch_id)
        .order_by(StockBatchCar.place.desc())
    )
    cars = [BatchCar(**dict(zip(BatchCar.__struct_fields__, row, strict=True))) for row in found]
    return BatchPage(
        id=made.id,
        state=made.state,
        action=msgspec.convert(made.action, BatchAction),
        changes=sum(car.skipped is None for car in cars),
        skipped=dict(Counter(car.skipped for car in cars if car.skipped is not None)),
        made_at=made.made_at,
        applied_at=made.applied_at,
        undone_at=made.undone_at,
        undo_until=made.applied_at + rules.UNDO_WITHIN if made.applied_at and made.state == "applied" else None,
        cars=cars,
    )
