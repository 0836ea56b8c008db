"""Traces: spans for requests, units of work, jobs and vendor calls; nothing at all without a collector.

A job row carries `current_traceparent()`; the worker goes on with `span("job …", traceparent=row.trace)`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.core.errors import Refused
from app.core.settings import Settings
from app.core.telemetry.release import VERSION

_provider: TracerProvider | None = None
_tracer: trace.Tracer | None = None
_propagator = TraceContextTextMapPropagator()

_KINDS = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT, "job": SpanKind.CONSUMER, "internal": SpanKind.INTERNAL}


def install(settings: Settings, *, process: str, exporter: SpanExporter | None = None) -> None:
    """Export to OTEL_EXPORTER_OTLP_ENDPOINT over HTTP, or to `exporter` at once (tests); neither: no tracing."""
    global _provider, _tracer
    shutdown()
    if exporter is None and settings.otel_exporter_otlp_endpoint is None:
        return
    resource = Resource.create(
        {
            "service.name": f"desk-{process}",
            "service.version": VERSION,
            "deployment.environment.name": settings.env,
        }
    )
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    if exporter is not None:
        _provider.add_span_processor(SimpleSpanProcessor(exporter))
    else:
        _provider.add_span_processor(BatchSpanProcessor(_otlp(str(settings.otel_exporter_otlp_endpoint))))
    _tracer = _provider.get_tracer("desk", VERSION)


def _otlp(endpoint: str) -> SpanExporter:
    # Imported here: it brings an HTTP client along that nobody without a collector needs.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)


def shutdown() -> None:
    """Send what is left; blocks for at most the exporter's timeout."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
    _provider = _tracer = None


class _Nothing:
    """The span of a process without a collector: one shared object, so that a span costs two calls."""

    def __enter__(self) -> Span:
        return trace.INVALID_SPAN

    def __exit__(self, *_: object) -> None:
        return None


_NOTHING = _Nothing()


def span(
    name: str, *, kind: str = "internal", traceparent: str | None = None, current: bool = True, **attributes: Any
) -> AbstractContextManager[Span]:
    """`with span("mail.send", kind="client", vendor="smtp") as at:`; `traceparent` goes on where another left off.

    Kinds: server, client, job, internal. A fault marks the span; a refusal is a normal outcome and does not.
    `current=False` is for a block that may end in another task than it began, as a generator dependency does.
    """
    if _tracer is None:
        return _NOTHING
    return _recorded(_tracer, name, kind, traceparent, current, attributes)


@contextmanager
def _recorded(
    tracer: trace.Tracer, name: str, kind: str, traceparent: str | None, current: bool, attributes: dict[str, Any]
) -> Iterator[Span]:
    made = tracer.start_span(name, context=_remote(traceparent), kind=_KINDS[kind])
    for key, found in attributes.items():
        if found is not None:
            made.set_attribute(key, found if isinstance(found, (int, float, bool)) else str(found))
    active = trace.use_span(made, record_exception=False, set_status_on_exception=False) if current else nullcontext()
    try:
        with active:
            yield made
    except Refused:
        raise
    except Exception as error:
        # The message may quote a value of a person: only the type leaves the process.
        made.set_status(Status(StatusCode.ERROR, type(error).__name__))
        made.set_attribute("error.type", type(error).__qualname__)
        raise
    finally:
        made.end()


def _remote(traceparent: str | None) -> Context | None:
    return _propagator.extract({"traceparent": traceparent}) if traceparent else None


def current_traceparent() -> str | None:
    """W3C `traceparent` of the active span, or None outside any recorded span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
