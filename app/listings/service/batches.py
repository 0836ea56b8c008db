"""Many listings changed as one: shown before, applied by the chunk, taken back within a day."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.errors import Forbidden, Invalid, Refused
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal, may
from app.listings import queries, rules
from app.listings.errors import BatchTooOld, NotNow
from app.listings.facts import StockChanged
from app.listings.models import Listing, StockBatch, StockBatchCar
from app.listings.schemas import BatchAction, BatchForm
from app.listings.service.indexing import reindex
from app.listings.service.locking import mine
from app.listings.service.planning import complete, planned, price_rows, right_for

_CHANGED = "changed_meanwhile"


async def show_batch(db: Db, who: Principal, form: BatchForm) -> Id:
    """What the action would do to each car, kept for whoever applies it; nothing is changed.

    Raises Invalid, Forbidden.
    """
    complete(form.action)
    _allowed(who, form.action)
    branch_id = (await queries.branch_of(db, form.action.branch)).id if form.action.branch else None
    if branch_id is not None:
        mine(who, branch_id)
    found = await queries.listings(db, form.ids)
    if not found:
        raise Invalid([{"field": "ids", "message": _("Select some cars first.")}])
    batch = StockBatch(
        id=new_id(), org_id=who.org_id, action=msgspec.to_builtins(form.action), state="shown", made_by=who.person_id,
        made_at=clock.now(),
    )  # fmt: skip
    db.add(batch)
    await db.flush()
    for place, listing in enumerate(sorted(found, key=lambda one: one.id)):
        db.add(_car(batch, place, listing, *_plan(who, listing, form.action, branch_id)))
    return batch.id


def _allowed(who: Principal, action: BatchAction) -> None:
    if not may(who.role, right_for(action)):
        raise Forbidden


def _plan(
    who: Principal, listing: Listing, action: BatchAction, branch_id: Id | None
) -> tuple[dict[str, Any], str | None]:
    """The fields to come, or the code of why this car is left alone."""
    try:
        mine(who, listing.branch_id)
        changes = planned(listing, action, branch_id, clock.now())
    except Refused as refusal:
        return {}, refusal.code
    return (changes, None) if changes else ({}, "unchanged")


def _car(
    batch: StockBatch, place: int, listing: Listing, changes: dict[str, Any], skipped: str | None
) -> StockBatchCar:
    before = {name: getattr(listing, name) for name in changes}
    return StockBatchCar(
        batch_id=batch.id, place=place, org_id=batch.org_id, listing_id=listing.id, version=listing.version,
        before=msgspec.to_builtins(before), after=msgspec.to_builtins(changes), skipped=skipped,
    )  # fmt: skip


async def apply_batch(db: Db, who: Principal, batch_id: Id) -> None:
    """Every car that is as it was when the batch was shown. Raises NotFound, NotNow, Forbidden."""
    batch = await queries.batch_for_change(db, batch_id)
    action = msgspec.convert(batch.action, BatchAction)
    _allowed(who, action)
    if batch.state != "shown":
        raise NotNow
    batch.state, batch.applied_at = "applied", clock.now()
    branch_id = (await queries.branch_of(db, action.branch)).id if action.branch else None

    def change(listing: Listing, car: StockBatchCar) -> str | None:
        changes, skipped = _plan(who, listing, action, branch_id)
        if skipped is None:
            car.before = msgspec.to_builtins({name: getattr(listing, name) for name in changes})
            car.after = msgspec.to_builtins(changes)
            _set(listing, changes)
        return skipped

    await _each(db, batch, change, reason=action.reason or "bulk")


async def undo_batch(db: Db, who: Principal, batch_id: Id) -> None:
    """Every car exactly as before, where nobody has changed it since; the others are named.

    Raises NotFound, NotNow, BatchTooOld, Forbidden.
    """
    batch = await queries.batch_for_change(db, batch_id)
    _allowed(who, msgspec.convert(batch.action, BatchAction))
    if batch.state != "applied" or batch.applied_at is None:
        raise NotNow
    if clock.now() - batch.applied_at > rules.UNDO_WITHIN:
        raise BatchTooOld
    batch.state, batch.undone_at = "undone", clock.now()

    def back(listing: Listing, car: StockBatchCar) -> str | None:
        try:
            mine(who, listing.branch_id)
        except Refused as refusal:
            return refusal.code
        _set(listing, _typed(car.before))
        return None

    await _each(db, batch, back, reason="undone")


async def _each(db: Db, batch: StockBatch, change: Any, *, reason: str) -> None:
    """One locked step and one fact a chunk; who was changed since the last look at it is left alone."""
    cars = await queries.batch_cars(db, batch.id)
    for part, places in enumerate(rules.chunks(len(cars))):
        chunk = [car for car in cars[places.start : places.stop] if car.skipped is None]
        found = {one.id: one for one in await queries.listings_for_change(db, [car.listing_id for car in chunk])}
        done = list[Listing]()
        asked = {id_: one.asking_price for id_, one in found.items()}
        for car in chunk:
            listing = found.get(car.listing_id)
            as_seen = listing is not None and listing.version == car.version
            car.skipped = change(listing, car) if listing is not None and as_seen else _CHANGED
            if car.skipped is None and listing is not None:
                listing.quality_score, listing.version = rules.quality(listing), listing.version + 1
                car.version = listing.version
                done.append(listing)
        await _written(db, [one for one in done if asked[one.id] != one.asking_price], done, reason)
        if done:
            fact = StockChanged(org_id=batch.org_id, id=batch.id, part=part)
            record(db, fact, changed={"state": (None, batch.state), "listings": (None, len(done))})


async def _written(db: Db, repriced: Sequence[Listing], done: Sequence[Listing], reason: str) -> None:
    await db.flush()
    if repriced:
        db.add_all(price_rows(repriced, reason))
    await reindex(db, done)


def _set(listing: Listing, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(listing, name, value)


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """Fields out of their JSON."""
    columns = Listing.__table__.columns
    return {name: msgspec.convert(value, columns[name].type.python_type | None) for name, value in values.items()}
