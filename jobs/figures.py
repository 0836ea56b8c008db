"""What the job ledger and the loops of a process show to metrics."""

from sqlalchemy import func, select, text

from app import wiring
from app.core import db, jobs_ledger, supervised, timers
from app.core.telemetry import metrics
from app.core.timers import Timer

DUE = metrics.gauge("desk_jobs_due", "Jobs that could run now and are not held.", ("queue",))
LATER = metrics.gauge("desk_jobs_later", "Jobs that wait for their time, backoff included.", ("queue",))
HELD = metrics.gauge("desk_jobs_held", "Jobs under a lease.", ("queue",))
DEAD = metrics.gauge("desk_jobs_dead", "Dead letters.", ("queue",))
LAG = metrics.gauge("desk_jobs_lag_seconds", "How long the oldest due job has waited.", ("queue",))
SILENT = metrics.gauge("desk_loop_silent_seconds", "Since a background loop last turned.", ("loop",))
RESTARTS = metrics.gauge("desk_loop_restarts", "How often a background loop was started again.", ("loop",))


OVERDUE = metrics.gauge("desk_timers_overdue", "Timers whose moment has come and that have not fired.", ("timer",))
OVERDUE_LAG = metrics.gauge("desk_timers_lag_seconds", "How long the oldest of them has been due.", ("timer",))

SEARCH_LAG = metrics.gauge("desk_search_lag_seconds", "Age of the oldest change not to be found yet.", ("engine",))
_WAITING = text(
    "select coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0) from job "
    "where queue = 'indexing' and done_at is null and dead_at is null and kind = any(:kinds)"
)
"""Those that back off too: while an engine is down its jobs are not due, and it falls behind."""


async def read() -> None:
    for timer in timers.installed():
        count, lag = await _overdue(timer)
        OVERDUE.labels(timer=timer.name).set(count)
        OVERDUE_LAG.labels(timer=timer.name).set(lag)
    for engine, following in wiring.FOLLOWING.items():
        SEARCH_LAG.labels(engine=engine).set(await _behind([one.kind for one in following]))
    for name, loop in supervised.running().items():
        SILENT.labels(loop=name).set(loop.silent_for_s)
        RESTARTS.labels(loop=name).set(loop.restarts)
    for figure in await jobs_ledger.figures():
        DUE.labels(queue=figure.queue).set(figure.due)
        LATER.labels(queue=figure.queue).set(figure.later)
        HELD.labels(queue=figure.queue).set(figure.held)
        DEAD.labels(queue=figure.queue).set(figure.dead)
        LAG.labels(queue=figure.queue).set(figure.lag_s)


async def _overdue(timer: Timer) -> tuple[int, float]:
    now = func.clock_timestamp()
    query = select(func.count(), func.extract("epoch", now - func.min(timer.due))).where(timer.open, timer.due <= now)
    async with db.system() as session:
        count, lag = (await session.execute(query)).one()
    return count, float(lag or 0.0)


async def _behind(kinds: list[str]) -> float:
    async with db.system() as session:
        return float((await session.execute(_WAITING, {"kinds": kinds})).scalar_one())
