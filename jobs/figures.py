"""What the job ledger and the loops of a process show to metrics."""

from app.core import jobs_ledger, supervised
from app.core.telemetry import metrics

DUE = metrics.gauge("desk_jobs_due", "Jobs that could run now and are not held.", ("queue",))
LATER = metrics.gauge("desk_jobs_later", "Jobs that wait for their time, backoff included.", ("queue",))
HELD = metrics.gauge("desk_jobs_held", "Jobs under a lease.", ("queue",))
DEAD = metrics.gauge("desk_jobs_dead", "Dead letters.", ("queue",))
LAG = metrics.gauge("desk_jobs_lag_seconds", "How long the oldest due job has waited.", ("queue",))
SILENT = metrics.gauge("desk_loop_silent_seconds", "Since a background loop last turned.", ("loop",))
RESTARTS = metrics.gauge("desk_loop_restarts", "How often a background loop was started again.", ("loop",))


async def read() -> None:
    for name, loop in supervised.running().items():
        SILENT.labels(loop=name).set(loop.silent_for_s)
        RESTARTS.labels(loop=name).set(loop.restarts)
    for figure in await jobs_ledger.figures():
        DUE.labels(queue=figure.queue).set(figure.due)
        LATER.labels(queue=figure.queue).set(figure.later)
        HELD.labels(queue=figure.queue).set(figure.held)
        DEAD.labels(queue=figure.queue).set(figure.dead)
        LAG.labels(queue=figure.queue).set(figure.lag_s)
