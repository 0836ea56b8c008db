"""What came of a fetch: nothing new, a run, columns that have changed, or a failure. Only runs change the stock."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.facts import SourceFailed, SourceFetched, SourceStopped
from app.feeds.models import FeedSource
from app.feeds.rules import teaching
from app.feeds.rules.looking import Looked
from app.feeds.rules.pulling import BRANCH_CLOSED, COLUMNS_CHANGED, MOST_FAILURES, backoff, lost
from app.feeds.schemas import RunForm
from app.feeds.service.files import Kept, keep_file
from app.feeds.service.starting import start_run


async def note_unchanged(db: Db, source_id: Id) -> None:
    """It is as it was when it last became a run."""
    source = await _asked(db, source_id)
    if source is not None:
        _ended(source, "unchanged")
        record(db, _about(source, SourceFetched), changed={"outcome": (None, "unchanged")})


async def note_failure(db: Db, source_id: Id, why: str) -> str | None:
    """Tried again later, each time later; after some in a row it is paused. The outcome, if one was waited for."""
    source = await _asked(db, source_id)
    if source is None:
        return None
    failures = source.failures + 1
    _ended(source, "fetch_failed", why)
    source.failures = failures
    changed = {"why": (None, why), "failures": (failures - 1, failures)}
    if failures < MOST_FAILURES:
        if source.state == "active":
            source.next_at = clock.now() + backoff(failures)
        record(db, _about(source, SourceFailed), changed=changed)
    elif source.state == "active":
        _stop(db, source, "fetch_failed", why, "paused")
        source.failures = failures
    else:
        record(db, _about(source, SourceFailed), changed=changed)
    return source.outcome


async def take_pulled(
    db: Db, source_id: Id, kept: Kept, looked: Looked, *, etag: str | None, last_modified: str | None
) -> str | None:
    """A sheet that is another one than the last: a run starts, unless its columns lack something. The outcome."""
    source = await _asked(db, source_id)
    if source is None:
        return None
    slug = await queries.open_branch(db, source.branch_id) if source.branch_id else None
    if source.branch_id is not None and slug is None:
        _stop(db, source, "fetch_failed", BRANCH_CLOSED, "paused")
        return source.outcome
    who = await _acting(db, source, slug)
    source.file_id = await keep_file(db, who, kept, looked)
    mapping = await queries.mapping_for(db, looked.signature)
    columns: Mapping[str, str | None] = {column.header: column.field for column in looked.shape.columns}
    if mapping is not None:
        columns = {**dict.fromkeys(columns), **mapping.columns}
    before = await queries.columns_of_run(db, source.run_id) if source.run_id and mapping is None else {}
    if teaching.faults(columns) or lost(before, columns):
        _stop(db, source, COLUMNS_CHANGED, COLUMNS_CHANGED, "waiting")
        return source.outcome
    form = RunForm(
        mapping_id=mapping.id if mapping else None, branch=slug,
        publish=source.publish, full_stock=source.full_stock, unlist_after=source.unlist_after,
    )  # fmt: skip
    source.run_id = await start_run(db, who, source.file_id, form)
    source.etag, source.last_modified, source.digest = etag, last_modified, kept.digest
    _ended(source, "imported")
    if source.state == "waiting":
        source.state, source.next_at = "active", clock.now() + timedelta(hours=source.every_hours)
    record(db, _about(source, SourceFetched), changed={"outcome": (None, "imported"), "run": (None, source.run_id)})
    return source.outcome


def _stop(db: Db, source: FeedSource, outcome: str, why: str, state: str) -> None:
    _ended(source, outcome, why)
    before, source.state, source.next_at = source.state, state, None
    record(db, _about(source, SourceStopped), changed={"state": (before, state), "why": (None, why)})


async def _asked(db: Db, source_id: Id) -> FeedSource | None:
    """Locked; None where nobody waits for it any more: it was removed, or paused meanwhile."""
    found = await queries.sources_for_change(db, [source_id])
    return found[0] if found and found[0].asked_at is not None else None


def _ended(source: FeedSource, outcome: str, why: str | None = None) -> None:
    source.asked_at, source.fetched_at = None, clock.now()
    source.outcome, source.why, source.failures = outcome, why, 0
    if source.state == "active":
        source.next_at = clock.now() + timedelta(hours=source.every_hours)


async def _acting(db: Db, source: FeedSource, slug: str | None) -> Principal:
    """Whoever made the source; within its branch, unless they see the whole org."""
    bound = slug is not None and not await queries.sees_all(db, source.created_by)
    return Principal(
        person_id=source.created_by, session_id=new_id(), org_id=source.org_id, org_slug="", org_name="",
        org_kind="dealer", role="ops", branch_id=source.branch_id if bound else None,
        branch_slug=slug if bound else None,
    )  # fmt: skip


def _about(source: FeedSource, fact: Any) -> Any:
    return fact(org_id=source.org_id, id=source.id, branch_id=source.branch_id)
