"""Counts that are kept add up, are folded, and drift is seen and mended."""

from typing import Any

import asyncpg
import pytest

from app import wiring
from app.core import db, jobs_ledger
from app.core.base import Scope
from app.core.settings import Settings
from app.core.telemetry.metrics import REGISTRY
from app.listings import service as stock
from app.listings.schemas import ListingSearchForm
from app.search import queries, service
from jobs import figures


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


@pytest.mark.parametrize("how", ["delete from listing where status = 'live'", "truncate listing cascade"])
async def test_rows_go_with_their_cars(owner: Any, how: str) -> None:
    await owner.execute("delete from listing_price")
    await owner.execute(how)

    assert await owner.fetchval("select count(*) from listing_search where live") == 0
    alone = "select count(*) from listing_text where id not in (select id from listing)"
    assert await owner.fetchval(alone) == 0
    assert await _tally(owner) == {}


async def test_what_was_renamed_is_found_by_its_new_name_alone(owner: Any) -> None:
    """By its slug, by its words, in the counts; a job of each org with such a car, in time seen as a lag."""
    wiring.install()
    before = await _found(make=("toyota",))
    await owner.execute("update vehicle_make set slug = 'toyoda', name = 'Toyoda' where slug = 'toyota'")
    await owner.execute("update location set aliases = aliases || '{Lhr Town}' where slug = 'lahore'")
    async with db.system() as session:
        assert await stock.tell_renamed(session) == 2
    async with db.system() as session:
        assert await stock.tell_renamed(session) == 0, "once"
    jobs = await owner.fetch("select id, attempt, org_id from job where kind = 'listings.reactions.follow_name'")
    await figures.read()
    behind = REGISTRY.get_sample_value("desk_search_lag_seconds", {"engine": "postgres"})
    for job in jobs:
        assert await jobs_ledger.run_job(job["id"], job["attempt"])
    await figures.read()

    assert before > 0
    assert len(jobs) == len({(job["id"], job["org_id"]) for job in jobs}) > 0
    assert behind
    assert REGISTRY.get_sample_value("desk_search_lag_seconds", {"engine": "postgres"}) == 0
    assert (await _found(make=("toyota",)), await _found(make=("toyoda",))) == (0, before)
    assert await _found(q="lhr town") > 0
    async with db.system() as session:
        assert not (await queries.drift(session)).any


async def _found(**asked: Any) -> int:
    async with db.unit(Scope()) as session:
        return (await queries.search(session, ListingSearchForm(**asked))).total
