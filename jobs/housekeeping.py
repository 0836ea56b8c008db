"""What schedules do without being asked: forget what is old, and check that nobody rewrote the audit chain."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import CursorResult, func, select, text

from app.accounts import service as accounts
from app.adapters import storage
from app.adapters.search.port import SearchDown, SearchWriteFailed
from app.core import events
from app.core.base import Db
from app.core.feed_tables import AUDIT, FEED
from app.core.settings import current
from app.core.telemetry import metrics
from app.leads import service as leads
from app.listings import service as listings
from app.search import queries as search
from app.search import service as search_service

log = logging.getLogger(__name__)

KEEP_KEYS_DAYS = 7
KEEP_EVENTS_DAYS = 30
KEEP_JOBS_DAYS = 7
KEEP_TICKS_DAYS = 30
KEEP_SESSIONS_DAYS = 30
KEEP_NOTICES_DAYS = 90
KEEP_UPLOADS_DAYS = 2
_UPLOADS_WITHIN_S = 5
_OUTSIDE_WITHIN_S = 300

_CHUNK = 5000
_RECENT = 500

SEARCH_DRIFT = metrics.gauge("desk_search_drift", "Search rows that were not as their cars at the last check.")
SEARCH_OUTSIDE = metrics.gauge(
    "desk_search_outside_drift", "At least so many documents of the outside engine were not as their cars."
)
AUDIT_BROKEN = metrics.gauge("desk_audit_broken_feeds", "Feeds whose audit chain did not verify at the last check.")

_KEYS = text(
    "delete from idempotency_key where ctid = any(array(select ctid from idempotency_key "
    "where created_at < cast(:at as timestamptz) - make_interval(days => :days) limit :most))"
)
_EVENTS = text(
    "delete from event where ctid = any(array(select ctid from event "
    "where at < cast(:at as timestamptz) - make_interval(days => :days) limit :most))"
)
_JOBS = text(
    "delete from job where ctid = any(array(select ctid from job "
    "where created_at < cast(:at as timestamptz) - make_interval(days => :days) and done_at is not null limit :most))"
)
_NOTICES = text(
    "delete from notice where ctid = any(array(select ctid from notice "
    "where created_at < cast(:at as timestamptz) - make_interval(days => :days) limit :most))"
)
_TICKS = text(
    "delete from tick where ctid = any(array(select ctid from tick old "
    "where at < cast(:at as timestamptz) - make_interval(days => :days) and exists ("
    "select from tick newer where newer.name = old.name and newer.at > old.at) limit :most))"
)


async def prune_idempotency_keys(db: Db, at: datetime) -> None:
    await _prune(db, _KEYS, at, KEEP_KEYS_DAYS)


async def prune_events(db: Db, at: datetime) -> None:
    """Listeners further behind than this start afresh; the audit records stay for ever."""
    await _prune(db, _EVENTS, at, KEEP_EVENTS_DAYS)


async def prune_jobs(db: Db, at: datetime) -> None:
    """Kept ones only: dead letters wait for somebody."""
    await _prune(db, _JOBS, at, KEEP_JOBS_DAYS)


async def prune_notices(db: Db, at: datetime) -> None:
    """With how they went out; the audit records stay."""
    await _prune(db, _NOTICES, at, KEEP_NOTICES_DAYS)


async def prune_ticks(db: Db, at: datetime) -> None:
    """The newest tick of a schedule stays: it says where to go on."""
    await _prune(db, _TICKS, at, KEEP_TICKS_DAYS)


async def prune_sessions(db: Db, at: datetime) -> None:
    """Counted from their end, with their refresh tokens; and what was mailed to set a new password."""
    before = at - timedelta(days=KEEP_SESSIONS_DAYS)
    await accounts.forget_resets(db, before)
    forgotten = await accounts.forget_sessions(db, before)
    log.info("forgot %d sessions", forgotten)


async def prune_uploads(_db: Db, at: datetime) -> None:
    """Files that were sent and never named: what was named is deleted as soon as it has been looked at.

    For some seconds: the tick waits in its transaction, and what is left then is there in an hour.
    """
    try:
        async with asyncio.timeout(_UPLOADS_WITHIN_S):
            gone = await storage.installed(current()).delete_older("in", at - timedelta(days=KEEP_UPLOADS_DAYS))
    except (storage.StorageFailed, TimeoutError) as error:
        log.warning("abandoned uploads stay another hour: %s", type(error).__name__)
        return
    log.info("deleted %d abandoned uploads", gone)


async def prune_lead_documents(_db: Db, at: datetime) -> None:
    gone = await leads.forget_originals(at - timedelta(days=current().keep_lead_documents_days))
    log.info("forgot %d lead documents", gone)


async def prune_sheets(_db: Db, at: datetime) -> None:
    """Long after anything can be undone or tried again; whoever wants to then is told to hand the file in again."""
    before = at - timedelta(days=current().keep_sheets_days)
    try:
        async with asyncio.timeout(_OUTSIDE_WITHIN_S):
            gone = await storage.installed(current()).delete_older("feeds", before)
    except (storage.StorageFailed, TimeoutError) as error:
        log.warning("old sheets stay another day: %s", type(error).__name__)
        return
    log.info("deleted %d old sheets", gone)


async def _prune(db: Db, statement: Any, at: datetime, days: int) -> None:
    while True:
        result: CursorResult[Any] = await db.execute(  # type: ignore[assignment]
            statement, {"at": at, "days": days, "most": _CHUNK}
        )
        if result.rowcount < _CHUNK:
            return


async def verify_audit(db: Db, _at: datetime) -> None:
    """Recompute the newest records of every chain up to its head; the heads go to the log, outside the database."""
    broken = 0
    for org_id, head in (await db.execute(select(FEED.c.org_id, FEED.c.audit_hash).order_by(FEED.c.org_id))).all():
        found = await _first_broken(db, org_id, head)
        if found is not None:
            broken += 1
            log.error("audit chain of org %s is broken at record %s", org_id, found)
        else:
            log.info("audit head of org %s is %s", org_id, head.hex())
    AUDIT_BROKEN.set(broken)


async def _first_broken(db: Db, org_id: Any, head: bytes) -> int | None:
    """Number of the first of the newest records that does not follow from the one before; None when all do."""
    newest = select(AUDIT).where(AUDIT.c.org_id == org_id).order_by(AUDIT.c.seq.desc()).limit(_RECENT + 1)
    rows = [dict(row) for row in (await db.execute(newest)).mappings()][::-1]
    count = (await db.execute(select(func.count()).where(AUDIT.c.org_id == org_id))).scalar_one()
    previous = events.GENESIS
    if count > len(rows):
        previous = rows.pop(0)["hash"]
    for row in rows:
        if events.chain_hash(previous, row) != row["hash"]:
            return int(row["seq"])
        previous = row["hash"]
    if previous != head:
        return int(rows[-1]["seq"]) + 1 if rows else 1
    return None


async def tell_renamed(db: Db, _at: datetime) -> None:
    """Of makes, models and places that the catalogue calls otherwise now."""
    await listings.tell_renamed(db)


async def fold_search_tally(db: Db, _at: datetime) -> None:
    await search_service.fold(db)


async def check_search(db: Db, _at: datetime) -> None:
    """Nightly: what searches find is what is on the market. `desk reindex` mends it."""
    found = await search.drift(db)
    SEARCH_DRIFT.set(found.missing + found.stale + found.extra + found.miscounted)
    if found.any:
        log.error("search rows are not as their cars", extra=msgspec.structs.asdict(found))


async def check_outside(db: Db, _at: datetime) -> None:
    """Nightly: the engine outside the database holds the market as it is now. `desk reindex --mend` helps."""
    index = search.outside()
    if index is None:
        return
    try:
        async with asyncio.timeout(_OUTSIDE_WITHIN_S):
            there = await index.health()
    except (SearchDown, SearchWriteFailed, TimeoutError):
        log.warning("the search engine outside could not be compared with the cars", exc_info=True)
        return
    wanted = await search.of_cars(db)
    same = (there.documents, there.checksum) == (wanted.documents, wanted.checksum)
    SEARCH_OUTSIDE.set(0 if same else max(1, abs(there.documents - wanted.documents)))
    if not same:
        log.error("the search engine outside is not as the cars", extra=msgspec.structs.asdict(there))
