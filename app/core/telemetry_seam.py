"""The trace context of the moment, as a W3C traceparent, from whatever tracer is installed."""

from opentelemetry import trace


def current_trace() -> str | None:
    """`traceparent` of the active span, or None outside any recorded span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
