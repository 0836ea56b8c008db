"""The demo shows drawings of ours: asked for with the stock, drawn once by the worker, and never called photos."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app import wiring
from app.adapters import imaging, storage
from app.adapters.storage import MemoryStorage
from app.core.jobs_ledger import burst
from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
def stocked(demonstrated: str) -> str:
    return demonstrated


@pytest.fixture
async def market(settings: Settings, database: object) -> AsyncIterator[Caller]:
    cheap_passwords()
    wiring.install()
    storage.install(MemoryStorage())
    async with serving(settings) as caller:
        yield caller
    storage.install(None)


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_owner_url)
    yield connection
    await connection.close()


async def wait_for(owner: asyncpg.Connection, drawing: str) -> None:
    """Let both dealers wait for this drawing alone, and their workers begin."""
    await owner.execute("delete from media where drawing <> $1", drawing)
    await owner.execute("update job set done_at = null, run_at = now() where kind = 'media.reactions.draw'")


async def test_every_car_but_a_draft_waits_for_its_drawings_the_front_first(
    market: Caller, owner: asyncpg.Connection
) -> None:
    rows = await owner.fetch(
        "select l.status, l.body, l.colour, array_agg(m.drawing order by m.position) filter (where m.id is not null) "
        "as drawings from listing l left join media m on m.listing_id = l.id group by l.id"
    )

    assert len(rows) > 130
    for row in rows:
        if row["status"] == "draft":
            assert row["drawings"] is None
        else:
            assert [name.rpartition("-")[2] for name in row["drawings"]] == ["front", "side", "rear"]
            assert row["drawings"][0].startswith(f"{row['body']}-")
    hit = (await market.get("listings")).json()["hits"][0]
    assert hit["photo"] is None


async def test_a_drawing_is_made_once_for_all_who_wait_and_shown_as_a_drawing(
    market: Caller, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    really = imaging.draw

    async def counted(names: list[str], into: object) -> dict[str, imaging.Picture]:
        asked.extend(names)
        return await really(names, into)  # type: ignore[arg-type]

    monkeypatch.setattr(imaging, "draw", counted)
    before = await owner.fetchval("select max(quality_score) from listing")
    await wait_for(owner, "sedan-white-front")
    await burst()
    states = await owner.fetch(
        "select state, count(distinct org_id) as orgs, count(*) as cars from media group by state"
    )
    hits = (await market.get("listings?body=sedan")).json()["hits"]
    shown = next(hit["photo"] for hit in hits if hit["photo"])
    picture = await market.stranger().http.get(shown["url"])

    assert asked == ["sedan-white-front"]
    assert [(row["state"], row["orgs"]) for row in states] == [("ready", 2)]
    assert states[0]["cars"] > 5
    assert (shown["drawn"], shown["width"], shown["height"]) == (True, 1280, 853)
    assert picture.headers["content-type"] == "image/jpeg"
    assert 30_000 < len(picture.content) < 200_000
    assert await owner.fetchval("select max(quality_score) from listing") == before
    page = (await market.stranger().http.get(next(hit["url"] for hit in hits if hit["photo"]))).text
    assert "Our drawing, not a photo of this car." in page
    assert re.findall(r'property="og:image" content="[^"]*/static/img/(share)\.', page) == ["share"], "no drawing"
