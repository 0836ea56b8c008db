"""Search rows survive the way back to words and forth to numbers."""

import asyncio
from typing import Any

import asyncpg

from app.core import migrate
from app.core.settings import Settings

_ROWS = """
select s.id, org_id, branch_id, asking_price, fresh_at, version, odometer_km, year, engine_cc, kinds, looks, offered,
  live, mk.slug make, md.slug model, t.slug trim, c.slug city, r.slug registered
from listing_search s left join search_code mk on (mk.kind, mk.code) = ('make', s.make)
left join search_code md on (md.kind, md.code) = ('model', s.model)
left join search_code t on (t.kind, t.code) = ('trim', s.trim)
left join search_code c on (c.kind, c.code) = ('city', s.city)
left join search_code r on (r.kind, r.code) = ('registered', s.registered) order by s.id
"""
_TALLY = """
select sum(amount)::int n, min(amount) least from listing_tally where facet = 'city'
"""


def test_rows_are_the_same_after_the_way_back_and_forth(settings: Settings) -> None:
    assert settings.database_owner_url
    before, ranks = _read(settings, _ROWS), _read(settings, "select id, rank from listing_search order by id")
    live = _read(settings, _TALLY)[0]["n"]

    migrate.downgrade(settings.database_owner_url, to="0024_job_holder")
    old = _read(settings, "select make, colour, registered, live from listing_search where live order by id limit 1")[0]
    assert isinstance(old["make"], str)
    migrate.upgrade(settings.database_owner_url)

    assert len(before) == 2000
    after = _read(settings, _ROWS)
    assert [name for name in before[0] if [row[name] for row in after] != [row[name] for row in before]] == []
    assert _read(settings, _TALLY)[0]["n"] == live
    for one, other in zip(ranks, _read(settings, "select id, rank from listing_search order by id"), strict=True):
        assert one["id"] == other["id"]
        assert abs(one["rank"] - other["rank"]) <= 1


def _read(settings: Settings, question: str) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(settings.database_owner_url)
        try:
            return [dict(row) for row in await connection.fetch(question)]
        finally:
            await connection.close()

    return asyncio.run(read())
