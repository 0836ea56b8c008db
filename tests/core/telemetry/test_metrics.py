"""The scrape: gauges read at that moment, and the worker's own port."""

import asyncio

import httpx

from app.core.telemetry import metrics
from app.core.telemetry.worker_port import listen


async def test_a_reader_is_asked_at_each_scrape_and_until_it_is_stopped():
    depth = metrics.gauge("test_queue_depth", "For this test.")
    asked = []

    async def read() -> None:
        asked.append(1)
        depth.set(len(asked))

    stop = metrics.collect(read, name="queue")
    await metrics.render()
    second = await metrics.render()
    stop()
    await metrics.render()

    assert b"test_queue_depth 2.0" in second
    assert len(asked) == 2


async def test_a_reader_that_fails_leaves_the_other_metrics_alone():
    def fails() -> None:
        raise ConnectionError

    stop = metrics.collect(fails, name="broken")
    scraped = await metrics.render()
    stop()

    assert b'desk_metrics_reader_up{reader="broken"} 0.0' in scraped
    assert b"process_resident_memory_bytes" in scraped


async def test_the_worker_port_serves_metrics_and_health_and_nothing_else():
    async with listen("127.0.0.1", 0) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        scraped = await client.get("/metrics")
        health = await client.get("/healthz?x=1")
        missing = await client.get("/leads")
        refused = await client.post("/metrics")

    assert scraped.status_code == 200
    assert "process_cpu_seconds_total" in scraped.text
    assert health.json()["status"] == "ok"
    assert missing.status_code == 404
    assert refused.status_code == 405


async def test_nonsense_on_the_worker_port_is_dropped():
    async with listen("127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x00" * 20_000)
        answer = await reader.read()
        writer.close()

    assert answer == b""
