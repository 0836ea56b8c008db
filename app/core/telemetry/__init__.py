"""What every process tells about itself: logs, metrics, traces.

For the web: `telemetry.install(settings, process="web")` once at start-up, and `Observe(app)` outside everything else.
For the worker: the same `install`, then `async with serve_worker_metrics(settings):` around its loop.
Elsewhere: `get_logger()`, `span("mail.send", to="smtp")`, `metrics.collect(callable)`; `shutdown()` sends what is left.
"""

import structlog

from app.core.settings import Settings
from app.core.telemetry import logs, metrics, traces
from app.core.telemetry.metrics import collect
from app.core.telemetry.observe import Observe
from app.core.telemetry.release import VERSION
from app.core.telemetry.traces import current_traceparent, shutdown, span
from app.core.telemetry.worker_port import serve_worker_metrics

__all__ = [
    "VERSION", "Observe", "collect", "current_traceparent", "get_logger", "install", "logs", "metrics",
    "serve_worker_metrics", "shutdown", "span", "traces",
]  # fmt: skip


def install(settings: Settings, *, process: str) -> None:
    """Set up logs and, where a collector is configured, traces. Call it again and the last one counts."""
    logs.install(settings, process=process)
    traces.install(settings, process=process)
    metrics.BUILD.labels(version=VERSION, env=settings.env, process=process).set(1)


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """Events are short names (`job.failed`), values are ids; personal data is redacted, but do not rely on it."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
