"""Runs as they stand, and the rows they left."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import AppUser
from app.core import clock, lists
from app.core.base import Db, one_or
from app.core.ids import Id
from app.core.paging import Page, cut
from app.feeds.errors import RunGone
from app.feeds.models import FeedChange, FeedFile, FeedReject, FeedRun
from app.feeds.rules.holding import said
from app.feeds.rules.words import ROWS
from app.feeds.schemas import RejectProblem, RejectRow, RunCard, RunForm
from app.orgs.models import Branch

UNDO_WITHIN = timedelta(hours=24)
UNDOABLE = ("done", "stopped", "failed")
_SAME = (
    "id", "file_id", "state", "stage", "dry_run", "full_stock", "within", "why", "total", "read", "created", "updated",
    "unchanged", "skipped", "rejected", "doubted", "repriced", "missing", "unlisted", "restored", "created_at",
    "finished_at",
)  # fmt: skip
_GOING = ("running", "waiting")


async def now(db: Db) -> datetime:
    """By the database's clock."""
    found: datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return found


async def position(db: Db) -> str | None:
    """Where the org's facts stand in this snapshot; ask before reading the rest."""
    return await lists.position(db)


async def run_for_change(db: Db, run_id: Id) -> FeedRun:
    """Locked. Raises RunGone."""
    found: FeedRun = one_or(await db.scalars(select(FeedRun).where(FeedRun.id == run_id).with_for_update()), RunGone)
    return found


async def another_runs(db: Db, run_id: Id) -> bool:
    """Whether a run of this org is being worked on, other than this one, or was asked for before it."""
    going = (FeedRun.state == "running") | ((FeedRun.state == "waiting") & (FeedRun.id < run_id))
    found = await db.scalar(select(FeedRun.id).where(FeedRun.id != run_id, going).limit(1))
    return found is not None


async def run_card(db: Db, run_id: Id) -> RunCard:
    """Raises RunGone."""
    return _card(one_or(await db.execute(_cards().where(FeedRun.id == run_id)), RunGone))


async def asked_of(db: Db, run_id: Id) -> tuple[Id, RunForm]:
    """The file of a run, and how it was asked to take it. Raises RunGone."""
    columns = (FeedRun.file_id, Branch.slug, FeedRun.publish, FeedRun.full_stock, FeedRun.unlist_after)
    query = select(*columns).outerjoin(Branch, Branch.id == FeedRun.branch_id).where(FeedRun.id == run_id)
    file_id, branch, publish, full_stock, unlist_after = one_or(await db.execute(query), RunGone)
    return file_id, RunForm(branch=branch, publish=publish, full_stock=full_stock, unlist_after=unlist_after)


async def runs(db: Db, *, file_id: Id | None = None, cursor: str | None = None, limit: int = 20) -> Page[RunCard]:
    """The latest first."""
    position, cursors = await lists.position(db), lists.cursors(db, "feed_runs")
    query = _cards().order_by(FeedRun.id.desc()).limit(limit + 1)
    if file_id is not None:
        query = query.where(FeedRun.file_id == file_id)
    if before := cursors.decode(cursor, tuple[Id]):
        query = query.where(FeedRun.id < before[0])
    page, more = cut(list(await db.execute(query)), limit)
    cards = [_card(row) for row in page]
    return Page(cards, cursors.encode(page[-1][0].id) if more else None, position)


async def rejects(db: Db, run_id: Id, *, after: int = 0, limit: int = 100) -> list[RejectRow]:
    """In the order of the sheet."""
    found = await db.execute(
        select(FeedReject.number, FeedReject.cells, FeedReject.problems)
        .where(FeedReject.run_id == run_id, FeedReject.number > after)
        .order_by(FeedReject.number)
        .limit(limit)
    )
    return [
        RejectRow(number=number, cells=tuple(cells), problems=tuple(_problem(one) for one in problems))
        for number, cells, problems in found
    ]


def _problem(one: dict[str, Any]) -> RejectProblem:
    words = ROWS[one["code"]]
    return RejectProblem(one["column"], one["value"], one["code"], words.message, words.hint, one.get("other", 0))


async def changes_left(db: Db, run_id: Id, *, limit: int) -> list[FeedChange]:
    """What a run did and nobody has taken back yet, the latest rows first."""
    left = (FeedChange.run_id == run_id, FeedChange.restored.is_(False))
    found = await db.scalars(select(FeedChange).where(*left).order_by(FeedChange.listing_id.desc()).limit(limit))
    return list(found)


def _cards() -> Select[*tuple[Any, ...]]:
    return (
        select(FeedRun, FeedFile.name, Branch.slug, AppUser)
        .join(FeedFile, FeedFile.id == FeedRun.file_id)
        .outerjoin(Branch, Branch.id == FeedRun.branch_id)
        .outerjoin(AppUser, AppUser.id == FeedRun.started_by)
    )


def _card(row: Any) -> RunCard:
    run, name, branch, person = row
    undoable = run.state in UNDOABLE and not run.dry_run and run.finished_at is not None
    return RunCard(
        **{field: getattr(run, field) for field in _SAME},
        says=said(run.why),
        file_name=name,
        branch=branch,
        conflicts=tuple(run.conflicts),
        unknown=tuple(run.unknown),
        started_by=person.name if person else None,
        undo_until=run.finished_at + UNDO_WITHIN if undoable else None,
        **_pace(run),
    )


def _pace(run: FeedRun) -> dict[str, Any]:
    """How far, how fast and how long yet: of the stage it is in, which reads every row once."""
    ended = run.finished_at or (clock.now() if run.state in _GOING else run.advanced_at)
    seconds = max(0.0, (ended - run.started_at).total_seconds()) if run.started_at and ended else None
    if run.state == "running" and run.advanced_at and run.started_at:
        seconds = max(0.001, (run.advanced_at - run.started_at).total_seconds())
    rate = round(run.read / seconds) if seconds and run.read else None
    left = max(0, run.total - run.read) if run.total is not None else None
    percent = None if not run.total else min(100, 100 * run.read // run.total)
    eta = round(left / rate) if rate and left is not None and run.state == "running" else None
    return {
        "percent": 100 if run.state in ("done", "undone") else percent,
        "rate": rate,
        "eta_s": eta,
        "seconds": None if seconds is None else round(seconds, 3),
    }
