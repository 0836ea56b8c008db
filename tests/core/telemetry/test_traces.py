"""Spans, and how a trace travels in a job row."""

import timeit

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from app.core import settings as settings_module
from app.core.errors import NotFound
from app.core.telemetry import current_traceparent, span, traces


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    traces.install(settings_module.load({}), process="web", exporter=exporter)
    yield exporter.get_finished_spans
    traces.shutdown()


def test_a_job_and_the_request_that_caused_it_share_one_trace(spans):
    with span("POST /leads", kind="server"):
        row = current_traceparent()
    with span("job notify.send", kind="job", traceparent=row), span("mail.send", kind="client", vendor="smtp"):
        pass

    request, vendor, job = spans()
    assert request.context.trace_id == job.context.trace_id == vendor.context.trace_id
    assert job.parent.span_id == request.context.span_id
    assert vendor.parent.span_id == job.context.span_id
    assert vendor.attributes["vendor"] == "smtp"


def test_a_fault_marks_its_span_without_quoting_the_message(spans):
    with pytest.raises(ValueError, match="ana@example"), span("unit"):
        raise ValueError("ana@example.pk")

    (one,) = spans()
    assert one.status.status_code is StatusCode.ERROR
    assert one.attributes["error.type"] == "ValueError"
    assert "ana" not in one.to_json()


def test_a_refusal_is_a_normal_outcome(spans):
    with pytest.raises(NotFound), span("unit"):
        raise NotFound

    assert spans()[0].status.status_code is StatusCode.UNSET


@pytest.mark.parametrize("broken", ["", "nonsense", "00-0-0-00", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_broken_traceparent_starts_a_new_trace(spans, broken):
    with span("request", traceparent=broken):
        pass

    assert spans()[0].parent is None


def test_without_a_collector_there_is_no_trace_and_next_to_no_cost():
    def nothing():
        with span("unit", org="x"):
            pass

    assert current_traceparent() is None
    assert min(timeit.repeat(nothing, number=10_000, repeat=5)) / 10_000 < 20e-6
