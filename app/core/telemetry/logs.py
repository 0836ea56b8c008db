"""Logs: one JSON object a line on standard error, coloured text on a terminal, every library included."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import msgspec
import structlog
from opentelemetry import trace

from app.core.settings import Settings
from app.core.telemetry import redact
from app.core.telemetry.release import VERSION

_CHATTY = ("httpx", "httpcore", "asyncio", "arq.worker", "urllib3", "websockets", "multipart")


def install(settings: Settings, *, process: str, stream: TextIO | None = None) -> None:
    """Route structlog and the standard library's logging through the same processors to `stream`."""
    target = stream or sys.stderr
    labels = {"app": "desk", "env": settings.env, "version": VERSION, "process": process}
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Labels(labels),
        _trace,
    ]
    ending: list[Any]
    if target.isatty():
        ending = [structlog.dev.set_exc_info, structlog.processors.format_exc_info, redact.processor,
                  _without(labels), structlog.dev.ConsoleRenderer(pad_event_to=24)]  # fmt: skip
    else:
        ending = [structlog.dev.set_exc_info, structlog.processors.format_exc_info, redact.processor, _json]
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Observe writes the access log, with the route instead of the path.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def begin() -> None:
    """What holds until `install`, because a fault may come first: structlog by itself prints every local of a trace."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.set_exc_info,
            structlog.processors.format_exc_info,
            redact.processor,
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Redacted())


class _Redacted(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact.clean(super().format(record))


class _Labels:
    """Adds the labels that Loki selects streams by."""

    def __init__(self, labels: dict[str, str]) -> None:
        self.labels = labels

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.update(self.labels)
        return event


def _without(labels: dict[str, str]) -> structlog.typing.Processor:
    def drop(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name in labels:
            event.pop(name, None)
        return event

    return drop


def _trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event


def _json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


begin()
