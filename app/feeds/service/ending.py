"""How a run begins to be worked on, goes from stage to stage, is held, and ends."""

from app.core import clock
from app.core.base import Db
from app.core.events import Fact, record
from app.core.ids import Id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.errors import NotHeld, OtherBranch, RunOver
from app.feeds.facts import RunApproved, RunFailed, RunFinished, RunHeld, RunStopped
from app.feeds.models import FeedRun
from app.feeds.service.meeting import forget
from app.feeds.service.sweeping import missing, note_missing, too_much

_COUNTS = (
    "read", "created", "updated", "unchanged", "skipped", "rejected", "doubted", "repriced", "missing", "unlisted",
)  # fmt: skip


async def run_of(db: Db, who: Principal, run_id: Id) -> FeedRun:
    """Locked, for somebody to decide about; members of one branch decide about runs that are of it alone.

    Raises RunGone, OtherBranch.
    """
    run = await queries.run_for_change(db, run_id)
    if who.branch_id is not None and run.within != who.branch_id:
        raise OtherBranch
    return run


async def begin(db: Db, run_id: Id) -> FeedRun | None:
    """A worker has it, perhaps again; None where it is over, or waits for somebody."""
    run = await queries.run_for_change(db, run_id)
    if run.state == "waiting":
        run.state = "running"
        run.started_at = run.started_at or await queries.now(db)
    return run if run.state == "running" else None


async def next_stage(db: Db, run_id: Id) -> FeedRun | None:
    """Every row of this stage has been read. None where that was the last, or somebody has to look first.

    A full stock is looked through, then written, then what it does not have is swept.
    """
    run = await queries.run_for_change(db, run_id)
    if run.state != "running":
        return None
    if run.stage == "check":
        offered, run.missing = await missing(db, run)
        why = None if run.approved_by else too_much(run, offered, run.missing)
        if why:
            run.state, run.why = "held", why
            record(db, _about(run, RunHeld), changed={"why": (None, why)})
            return None
        run.stage = "write"
        _start_over(run)
        return run
    if run.stage == "write" and run.full_stock and not run.dry_run:
        run.stage = "sweep"
        await note_missing(db, run)
        return run
    if run.full_stock and run.dry_run:
        _, run.missing = await missing(db, run)
    return None


def _start_over(run: FeedRun) -> None:
    run.checkpoint = 0
    run.unknown = []
    for name in _COUNTS:
        setattr(run, name, 0)


async def finish(db: Db, run_id: Id) -> None:
    """Every row is done. Nothing happens to a run that is not running."""
    run = await queries.run_for_change(db, run_id)
    if run.state == "running":
        run.total = run.read
        await _end(db, run, "done", RunFinished)


async def fail(db: Db, run_id: Id, why: str) -> None:
    """The sheet could not be read, or not to its end; `why` is a code."""
    run = await queries.run_for_change(db, run_id)
    if run.state in ("waiting", "running"):
        run.why = why
        await _end(db, run, "failed", RunFailed)


async def approve(db: Db, who: Principal, run_id: Id) -> None:
    """Somebody has looked: it goes on. Raises RunGone, OtherBranch, NotHeld."""
    run = await run_of(db, who, run_id)
    if run.state != "held":
        raise NotHeld
    run.state, run.stage, run.approved_by, run.why = "waiting", "write", who.person_id, None
    _start_over(run)
    record(db, _about(run, RunApproved), changed={"state": ("held", "waiting")})


async def stop(db: Db, who: Principal, run_id: Id) -> None:
    """What was taken stays, and can be undone. Raises RunGone, OtherBranch, RunOver."""
    run = await run_of(db, who, run_id)
    if run.state not in ("waiting", "running", "held"):
        raise RunOver
    await _end(db, run, "stopped", RunStopped)


async def _end(db: Db, run: FeedRun, state: str, fact: type[Fact]) -> None:
    before, run.state = run.state, state
    run.finished_at = clock.now()
    await db.flush()
    await forget(db, run)
    record(db, _about(run, fact), changed={"state": (before, state), **{n: (None, getattr(run, n)) for n in _COUNTS}})


def _about(run: FeedRun, fact: type[Fact]) -> Fact:
    return fact(org_id=run.org_id, id=run.id, branch_id=run.branch_id)
