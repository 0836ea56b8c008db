"""Request id, access log and metrics of a request, at the outer edge of the application."""

import httpx
import pytest
import structlog
from litestar import Litestar, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.core import settings as settings_module
from app.core.ids import new_id
from app.core.telemetry import Observe, metrics, traces


@get("/things/{thing_id:str}")
async def show_thing(thing_id: FromPath[str]) -> dict[str, str | None]:
    if thing_id == "gone":
        raise NotFoundException
    if thing_id == "fault":
        raise ValueError("boom")
    return {"request_id": structlog.contextvars.get_contextvars().get("request_id"), "id": thing_id}


async def ask(path, app=None, **kwargs):
    transport = httpx.ASGITransport(app=app or Observe(Litestar([show_thing], openapi_config=None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        return await client.get(path, **kwargs)


def counted(route, status):
    found = metrics.REGISTRY.get_sample_value(
        "http_requests_total", {"method": "GET", "route": route, "status": str(status)}
    )
    return found or 0


async def test_the_log_names_the_route_and_never_the_path():
    with structlog.testing.capture_logs() as logged:
        await ask("/things/very-private?token=abc")

    (line,) = [entry for entry in logged if entry["event"] == "request"]
    assert line["route"] == "/things/{thing_id}"
    assert line["status"] == 200
    assert line["bytes_out"] > 0
    assert line["duration_ms"] >= 0
    assert "very-private" not in str(line)


async def test_the_request_id_reaches_the_handlers_logs():
    answer = await ask("/things/1")

    assert len(answer.json()["request_id"]) == 32


async def test_a_request_id_of_an_outer_layer_is_kept():
    observed = Observe(Litestar([show_thing], openapi_config=None))

    async def outer(scope, receive, send):
        scope.setdefault("state", {})["request_id"] = "from-the-edge"
        await observed(scope, receive, send)

    assert (await ask("/things/1", outer)).json()["request_id"] == "from-the-edge"


async def test_requests_are_counted_by_route_and_status():
    before = counted("/things/{thing_id}", 404), counted("(unmatched)", 404), counted("/things/{thing_id}", 500)

    await ask("/things/gone")
    await ask("/wp-admin.php")
    await ask("/things/fault")

    after = counted("/things/{thing_id}", 404), counted("(unmatched)", 404), counted("/things/{thing_id}", 500)
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]


async def test_a_made_up_method_does_not_make_a_label():
    app = Observe(Litestar([show_thing], openapi_config=None))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk.test") as client:
        await client.request("BREW", "/things/1")

    assert b'method="OTHER"' in await metrics.render()
    assert b"BREW" not in await metrics.render()


async def test_org_and_person_are_logged_when_somebody_is_signed_in():
    class Somebody:
        org_id, person_id = new_id(), new_id()

    async def app(scope, receive, send):
        scope["state"]["principal"] = Somebody
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with structlog.testing.capture_logs() as logged:
        await ask("/", Observe(app))

    assert logged[0]["org_id"] == str(Somebody.org_id)
    assert logged[0]["person_id"] == str(Somebody.person_id)


@pytest.fixture
def spans():
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    traces.install(settings_module.load({}), process="web", exporter=exporter)
    yield exporter.get_finished_spans
    traces.shutdown()


async def test_a_request_is_a_span_named_by_its_route_and_joins_the_callers_trace(spans):
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    await ask("/things/1", headers={"traceparent": parent})

    (span,) = spans()
    assert span.name == "GET /things/{thing_id}"
    assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert span.attributes["http.response.status_code"] == 200
