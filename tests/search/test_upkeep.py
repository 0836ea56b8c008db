"""Counts that are kept add up, are folded, and drift is seen and mended."""

from typing import Any

import asyncpg
import pytest

from app.core import db
from app.core.settings import Settings
from app.search import queries, service


@pytest.fixture
async def owner(settings: Settings, database: object) -> Any:
    del database
    connection = await asyncpg.connect(settings.database_owner_url)
    yield connection
    await connection.close()


async def _tally(owner: Any) -> dict[tuple[str, int], int]:
    rows = await owner.fetch("select facet, code, sum(amount)::int n from listing_tally group by 1, 2")
    return {(row["facet"], row["code"]): row["n"] for row in rows if row["n"]}


async def test_folding_changes_no_count(owner: Any) -> None:
    before = await _tally(owner)
    await owner.execute("update listing_search set live = false where id in (select id from listing_search limit 50)")
    await owner.execute("update listing_search set live = offered where live <> offered")
    rows = await owner.fetchval("select count(*) from listing_tally")

    async with db.system() as session:
        assert await service.fold(session, least=10_000) == 0, "few rows are left alone"
        gone = await service.fold(session, least=0)

    assert gone > 0
    assert await owner.fetchval("select count(*) from listing_tally") == rows - gone == len(await _tally(owner))
    assert (await _tally(owner)).keys() >= before.keys()


async def test_what_searches_read_is_what_is_on_the_market(owner: Any) -> None:
    async with db.system() as session:
        assert await queries.drift(session) == queries.Drift(0, 0, 0, 0)
        assert await queries.of_rows(session) == await queries.of_cars(session)


@pytest.mark.parametrize(
    ("harm", "seen"),
    [
        ("delete from listing_search where id = $1", "missing"),
        ("update listing_search set version = version + 1 where id = $1", "stale"),
        ("update listing set status = 'draft' where id = $1", "extra"),
        (
            "insert into listing_tally (facet, code, amount) select 'city', 1, 1 where $1::uuid is not null",
            "miscounted",
        ),
    ],
)
async def test_drift_is_seen_and_mended(owner: Any, harm: str, seen: str) -> None:
    await owner.execute("alter table listing no force row level security")
    car = await owner.fetchval("select id from listing_search where live order by id limit 1")
    await owner.execute(harm, car)
    async with db.system() as session:
        assert getattr(await queries.drift(session), seen) == 1
    if seen == "missing":
        async with db.system() as session:
            assert await queries.of_rows(session) != await queries.of_cars(session)

    await service.rebuild()

    async with db.system() as session:
        assert not (await queries.drift(session)).any
        assert await queries.of_rows(session) == await queries.of_cars(session)
