"""Alive, ready, counted."""

import asyncio

import msgspec
import pytest
from sqlalchemy import text

from app.core import db, health
from tests.support.api import serving


@pytest.fixture
async def api(settings, database, monkeypatch):
    monkeypatch.setattr(health, "_FRESH_S", -1)
    async with serving(settings) as caller:
        yield caller


async def test_a_living_process_says_so(api):
    answer = await api.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.parametrize("path", ["/readyz", "/readiness"])
async def test_ready_when_the_database_has_this_schema(api, path):
    answer = await api.get(path)

    assert answer.status_code == 200
    assert answer.json()["parts"]["postgresql"] == "ok"


async def test_another_schema_is_503(api, settings):
    owner = db.engine(settings.database_owner_url, "desk_owner", size=1)
    async with owner.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = 'other'"))
    await owner.dispose()

    answer = await api.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["postgresql"] == "schema_mismatch"


async def test_a_missing_part_is_degraded_and_named(api):
    async def ask() -> None:
        raise ConnectionError

    async def hangs() -> None:
        await asyncio.sleep(60)

    stops = [health.part("search", ask), health.part("mail", hangs)]
    answer = await api.get("/readyz")
    for stop in stops:
        stop()

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert {"search", "mail"} <= set(answer.json()["degraded"])


async def test_a_silent_loop_shows_as_stale(api):
    health.beat("a-loop", within_s=-1)
    answer = await api.get("/readyz")
    health.still("a-loop")

    assert answer.json()["parts"]["a-loop"] == "stale"
    assert answer.status_code == 200


async def test_a_process_that_drains_wants_no_new_visitors(api):
    before = await api.get("/readyz")
    await api.app.state.parts.hub.drain()
    after = await api.get("/readyz")
    alive = await api.get("/healthz")

    assert (before.status_code, after.status_code, alive.status_code) == (200, 503, 200)
    assert after.json()["status"] == "draining"
    assert after.json()["parts"]["postgresql"] == "ok"


async def test_draining_shows_at_once_although_parts_are_asked_twice_a_second(api, monkeypatch):
    monkeypatch.setattr(health, "_FRESH_S", 60)
    assert (await api.get("/readyz")).status_code == 200
    await api.app.state.parts.hub.drain()

    assert (await api.get("/readyz")).status_code == 503


async def test_another_process_is_not_kept_back_by_one_that_left(settings, database, monkeypatch):
    monkeypatch.setattr(health, "_FRESH_S", -1)
    async with serving(settings) as leaver:
        await leaver.app.state.parts.hub.drain()
    async with serving(settings) as caller:
        answer = await caller.get("/readyz")

    assert answer.status_code == 200


async def test_metrics_are_for_the_scraper_beside_us_only(api):
    inside = await api.get("/metrics")
    outside = await api.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})

    assert inside.status_code == 200
    assert "http_requests_total" in inside.text
    assert inside.headers["content-type"].startswith("text/plain")
    assert outside.status_code == 404


async def test_the_openapi_document_is_served(api):
    answer = await api.get("/schema/openapi.json")

    assert answer.status_code == 200
    assert "/api/v1/locations" in answer.json()["paths"]


async def test_a_desk_without_redis_goes_on_and_says_so(settings, database, monkeypatch):
    monkeypatch.setattr(health, "_FRESH_S", -1)
    alone = msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:1/0")
    async with serving(alone) as caller:
        answer = await caller.get("/readyz")

    assert answer.status_code == 200
    assert "redis" in answer.json()["degraded"]
