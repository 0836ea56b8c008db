"""What searches read goes with listings that are really deleted, by whomever and however many at once."""

import asyncpg

from app.core.settings import Settings
from tests.listings.test_api import published, southside
from tests.listings.test_batches import copies
from tests.support.api import Caller


async def test_search_rows_go_with_deleted_listings(api: Caller, settings: Settings) -> None:
    kept = await published(await southside(api), asking_price=3_000_000)
    connection = await asyncpg.connect(settings.database_owner_url)
    await copies(connection, kept["id"], 9)
    tables = ("listing_search", "listing_text")
    before = [await connection.fetchval(f"select count(*) from {table}") for table in tables]  # noqa: S608
    await connection.execute("delete from listing where id <> $1::uuid", kept["id"])
    after = [await connection.fetch(f"select id from {table}") for table in tables]  # noqa: S608
    await connection.close()

    assert before == [10, 10]
    assert [[str(row["id"]) for row in rows] for rows in after] == [[kept["id"]]] * 2
