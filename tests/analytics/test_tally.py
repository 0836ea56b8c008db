"""What the public looks at, counted without names: once, whatever happens on the way, and never for robots."""

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import text

from app.analytics import queries, rules
from app.analytics import service as analytics
from app.core import clock, db
from app.core.base import Scope
from app.core.ids import Id
from app.core.settings import Settings
from tests.journeys.conftest import Visitor
from tests.market.open_market import meanwhile, opened
from tests.support.api import Caller

AGENT = {"user-agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile Safari/537.36"}
CAR = "select number, id, org_id from listing where status = 'live' and visibility = 'public' order by number limit 1"


@pytest.fixture
def stocked(demonstrated: str) -> str:
    return demonstrated


@pytest.fixture
async def market(settings: Settings, database: object) -> AsyncIterator[Visitor]:
    async with opened(settings) as caller:
        yield Visitor(Caller(caller.app, caller.base_url))


async def counted(settings: Settings, number: int) -> dict[str, int]:
    """What is written down of a car, the zeros left out."""
    await analytics.tally().flush()
    query = f"select d.* from listing_day d join listing l on l.id = d.listing_id where l.number = {number}"  # noqa: S608
    rows = (await meanwhile(settings, query))[0]
    assert len(rows) <= 1, "one row a day"
    return {name: row[name] for row in rows for name in rules.COUNTED if row[name]}


async def car_of(settings: Settings) -> tuple[int, Id, Id]:
    [[row]] = await meanwhile(settings, CAR)
    return row["number"], row["id"], row["org_id"]


async def test_what_a_page_tells_is_added_up(market: Visitor, settings: Settings) -> None:
    number, listing_id, org_id = await car_of(settings)
    await market.http.post("/seen", json={"card": [number]}, headers=AGENT)
    await market.http.post("/seen", json={"shown": [number, number + 1], "opened": [number]}, headers=AGENT)
    first = await counted(settings, number)
    await market.http.post("/seen", json={"view": [number], "filters": ["make", "fuel", "nonsense"]}, headers=AGENT)
    await market.http.get(f"/seen/{number}", headers=AGENT)

    assert first == {"impressions": 1, "views": 1, "card_views": 1, "clicks": 1}
    assert await counted(settings, number) == {"impressions": 1, "views": 3, "card_views": 1, "clicks": 1}
    [filters, pages] = await meanwhile(
        settings,
        "select name, n from market_day where kind = 'filter' order by 1",
        "select n from market_day where kind = 'page'",
    )
    assert [tuple(row) for row in filters] == [("fuel", 1), ("make", 1)]
    assert pages[0]["n"] == 3
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        mine = await queries.reach(session, listing_id, rules.today(clock.now()))
    async with db.unit(Scope(org_id=Id("01a00000-0000-7000-8000-000000000000")), read=True) as session:
        theirs = await queries.reach(session, listing_id, rules.today(clock.now()))
        rows = await session.scalar(text("select count(*) from listing_day"))
    assert (mine.views, mine.impressions, mine.card_views) == (3, 1, 1)
    assert (theirs.views, rows) == (0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "WhatsApp/2.23"},
        {"user-agent": "curl/8.0"},
        {"user-agent": "Mozilla/5.0 HeadlessChrome/120"},
        {"user-agent": ""},
        {**AGENT, "sec-purpose": "prefetch;prerender"},
    ],
    ids=lambda headers: str(headers)[16:50],
)
async def test_robots_and_pages_got_ready_do_not_count(
    market: Visitor, settings: Settings, headers: dict[str, str]
) -> None:
    number, *_ = await car_of(settings)
    answer = await market.http.post("/seen", json={"view": [number], "shown": [number]}, headers=headers)
    await market.http.get(f"/seen/{number}", headers=headers)

    assert answer.status_code == 204
    assert await counted(settings, number) == {}


async def test_an_org_does_not_count_its_own_eyes(market: Visitor, settings: Settings) -> None:
    query = "select l.number from listing l join org o on o.id = l.org_id where l.status = 'live' and o.slug = "
    [[ravi], [indus]] = await meanwhile(settings, f"{query}'ravi' limit 1", f"{query}'indus' limit 1")
    await market.sign_in("owner@ravi.demo")
    await market.open("/")
    for number in (ravi["number"], indus["number"]):
        await market.http.get(f"/seen/{number}", headers=AGENT)

    assert await counted(settings, ravi["number"]) == {}
    assert await counted(settings, indus["number"]) == {"views": 1}


async def test_who_asks_is_counted_by_how_they_ask(market: Visitor, settings: Settings) -> None:
    number, *_ = await car_of(settings)
    page = await market.open((await market.open(f"/l/{number}")).headers["location"] + "?from=card")
    for way in ("phone", "whatsapp"):
        answer = await market.http.post(
            f"/l/{number}/{way}", data={}, headers={**AGENT, "referer": str(page.request.url)}, follow_redirects=True
        )
        assert answer.status_code == 200

    assert await counted(settings, number) == {"phone_reveals": 1, "whatsapp_clicks": 1, "card_leads": 2}


async def test_a_batch_whose_answer_was_lost_counts_once(
    market: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Committed, and the line cut before anybody heard of it."""
    number, *_ = await car_of(settings)
    real = db.system

    class Cut:
        """A transaction that ends well, and says otherwise."""

        def __init__(self) -> None:
            self.inner = real()

        async def __aenter__(self) -> db.Db:
            return await self.inner.__aenter__()

        async def __aexit__(self, *error: object) -> None:
            await self.inner.__aexit__(*error)
            raise ConnectionError("the line is cut")

    analytics.tally().car("views", number)
    with monkeypatch.context() as patched:
        patched.setattr(db, "system", Cut)
        with pytest.raises(ConnectionError):
            await analytics.tally().flush()
    analytics.tally().car("views", number)

    assert await counted(settings, number) == {"views": 2}
    assert await counted(settings, number) == {"views": 2}


async def test_a_process_that_stops_loses_nothing(settings: Settings, database: object) -> None:
    number, *_ = await car_of(settings)
    async with opened(settings) as caller:
        await caller.http.post("/seen", json={"view": [number]}, headers=AGENT)
    rows = (await meanwhile(settings, "select day, views from listing_day"))[0]

    assert [(row["day"], row["views"]) for row in rows] == [(rules.today(clock.now()), 1)]
    assert isinstance(rows[0]["day"], date)


async def test_nonsense_is_refused_and_unknown_cars_are_forgotten(market: Visitor, settings: Settings) -> None:
    for body in ({"view": [-1]}, {"view": ["x"]}, {"shown": [1] * 500}, {"who": 1}, []):
        answer = await market.http.post("/seen", json=body, headers=AGENT)
        assert answer.status_code in (400, 422), body
    await market.http.post("/seen", json={"view": [999_999_999]}, headers=AGENT)
    await analytics.tally().flush()

    assert (await meanwhile(settings, "select * from listing_day"))[0] == []


async def test_counting_asks_the_database_nothing(
    market: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, *_ = await car_of(settings)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("asked the database")

    with monkeypatch.context() as patched:
        for name in ("unit", "system"):
            patched.setattr(db, name, never)
        answer = await market.http.post("/seen", json={"view": [number], "shown": [number]}, headers=AGENT)

    assert answer.status_code == 204
    assert await counted(settings, number) == {"impressions": 1, "views": 1}


async def test_its_dealer_sees_how_often_a_car_was_looked_at(market: Visitor, settings: Settings) -> None:
    query = (
        "select l.number, l.id from listing l join org o on o.id = l.org_id where l.status = 'live' and o.slug = 'ravi'"
    )
    [row, *_] = (await meanwhile(settings, f"{query} limit 1"))[0]
    for path in ("view", "view", "card"):
        await market.http.post("/seen", json={path: [row["number"]], "shown": [row["number"]]}, headers=AGENT)
    await analytics.tally().flush()
    await market.sign_in("owner@ravi.demo")
    page = (await market.open(f"/desk/stock/{row['id']}")).text
    beside = re.findall(
        r'<template data-reach="([^"]+)">(.*?)</template>', (await market.open(f"/desk/stock?q={row['number']}")).text
    )

    assert [(one, "3 views" in told, "enquir" in told) for one, told in beside] == [(str(row["id"]), True, False)]
    assert "On the market, last 30 days" in page
    assert "by the card in its window" in page
