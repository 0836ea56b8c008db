"""The demo's stock as scripts rely on it, and invented stock of any size; both twice without a change."""

import asyncpg

from app.cli.seed import seed_all
from app.core.settings import Settings
from tests.support.api import cheap_passwords, serving


async def figures(settings: Settings) -> dict[tuple[str, str], int]:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        rows = await connection.fetch(
            "select o.slug org, b.slug branch, count(*) n from listing l join org o on o.id = l.org_id "
            "join branch b on b.id = l.branch_id where l.status = 'live' and l.visibility = 'public' "
            "and l.channel = 'automart' group by 1, 2"
        )
        return {(row["org"], row["branch"]): row["n"] for row in rows}
    finally:
        await connection.close()


async def content(settings: Settings) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        found: list[asyncpg.Record] = await connection.fetch(
            "select stock_number, title, year, asking_price, odometer_km, status, visibility, version, description "
            "from listing order by stock_number"
        )
        return found
    finally:
        await connection.close()


async def test_the_demo_has_the_stock_its_contract_names(settings: Settings) -> None:
    cheap_passwords()
    await seed_all(settings)
    before = await content(settings)
    await seed_all(settings)

    assert await figures(settings) == {("ravi", "lahore"): 60, ("ravi", "gujranwala"): 30, ("indus", "karachi"): 40}
    assert await content(settings) == before
    assert {row["status"] for row in before} == {"live", "draft", "reserved", "sold"}
    assert {row["visibility"] for row in before} == {"public", "private", "wholesale_public"}
    assert all(400_000 <= row["asking_price"] <= 60_000_000 for row in before if row["asking_price"])
    assert all(2008 <= row["year"] <= 2026 for row in before)
    assert len({row["title"] for row in before}) > 60
    async with serving(settings) as anybody:
        assert (await anybody.get("listings")).json()["total"] == 130
        assert (await anybody.get("listings?org=ravi&branch=lahore")).json()["total"] == 60
        shown = (await anybody.get("listings?q=corolla")).json()["hits"]
        assert shown
        assert all("corolla" in hit["title"].lower() for hit in shown)


async def test_invented_stock_is_the_same_every_time(settings: Settings) -> None:
    cheap_passwords()
    said = await seed_all(settings, listings=90)
    before = await content(settings)
    again = await seed_all(settings, listings=120)

    assert "90 new of 90" in said[-1]
    assert "30 new of 120" in again[-1]
    now = await content(settings)
    assert [row for row in now if row in before] == before
    assert sum(row["stock_number"].startswith("S-") for row in now) == 120
