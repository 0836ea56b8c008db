"""Sheets pulled from an address by themselves: what is new becomes a run, and nothing else touches the stock."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.adapters import http
from app.core import jobs_ledger
from app.core import settings as process
from app.core.settings import Settings
from app.feeds import intake
from app.feeds.rules import pulling
from app.feeds.timers import TIMERS
from jobs.sweeper import Sweeper
from tests.adapters.test_http import INNER, as_libc, drip, flood
from tests.feeds.conftest import CARS, HEADERS, dealer, run_of, sheet, stock_of
from tests.feeds.elsewhere import Elsewhere, said, set_to
from tests.support.api import PASSWORD, Caller

SAME = said(b"", "304 Not Modified", ETag='"one"')


def led(to: str) -> bytes:
    return said(b"", "302 Found", Location=to)


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = process.current()
    monkeypatch.setattr(http, "_look_up", as_libc)
    yield
    process.install(before)


class Pulled:
    """A source of a dealer, and what comes of it."""

    def __init__(self, owner: Caller, url: str, settings: Settings) -> None:
        self.owner, self.url, self.settings, self.id = owner, url, settings, ""

    async def make(self, **more: Any) -> "Pulled":
        answer = await self.owner.post("feeds/sources", {"name": "Showroom", "url": self.url, **more})
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["source_id"]
        await jobs_ledger.burst()
        return self

    async def again(self) -> dict[str, Any]:
        """Asked for by somebody."""
        answer = await self.owner.post(f"feeds/sources/{self.id}/fetch")
        assert answer.status_code == 202, answer.text
        await jobs_ledger.burst()
        return await self.now()

    async def by_the_clock(self) -> dict[str, Any]:
        """Its time has come."""
        await self.execute("update feed_source set next_at = now() - interval '1 second' where next_at is not null")
        while await Sweeper(TIMERS).turn():
            pass
        await jobs_ledger.burst()
        return await self.now()

    async def now(self) -> dict[str, Any]:
        answer = await self.owner.get(f"feeds/sources/{self.id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def change(self, **patch: Any) -> dict[str, Any]:
        answer = await self.owner.patch(f"feeds/sources/{self.id}", patch)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def runs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.owner.get("feeds/runs")).json()["items"]
        return found

    async def execute(self, query: str) -> None:
        connection = await asyncpg.connect(self.settings.database_owner_url)
        try:
            await connection.execute(query)
        finally:
            await connection.close()


async def test_a_sheet_at_an_address_becomes_stock_as_an_upload_would(owner: Caller, settings: Settings) -> None:
    elsewhere = Elsewhere(said(sheet(), ETag='"one"', Last_Modified="Fri, 27 Nov 2026 08:00:00 GMT"))
    async with elsewhere.open() as url:
        source = await (await Pulled(owner, url, settings).make(branch="multan")).now()
    run = await run_of(owner, source["run_id"])

    assert (source["state"], source["outcome"], source["why"], source["failures"]) == ("active", "imported", None, 0)
    assert (run["state"], run["created"], run["branch"], run["file_name"]) == ("done", 3, "multan", "Showroom")
    assert run["started_by"] == source["created_by"]
    assert {car["status"] for car in (await stock_of(owner)).values()} == {"live"}
    assert "if-none-match" not in elsewhere.requests[0]
    wait = _moment(source["next_at"]) - datetime.now(UTC)
    assert timedelta(hours=23) < wait <= timedelta(hours=24)


async def test_what_was_not_modified_is_noted_and_nothing_else_happens(owner: Caller, settings: Settings) -> None:
    elsewhere = Elsewhere(said(sheet(), ETag='"one"', Last_Modified="Fri, 27 Nov 2026 08:00:00 GMT"), SAME)
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make(every_hours=1)
        source = await pulled.by_the_clock()
    files = (await owner.get("feeds/files")).json()["items"]

    assert elsewhere.visits == 2
    assert elsewhere.requests[1]["if-none-match"] == '"one"'
    assert elsewhere.requests[1]["if-modified-since"] == "Fri, 27 Nov 2026 08:00:00 GMT"
    assert source["outcome"] == "unchanged"
    assert (len(await pulled.runs()), len(files)) == (1, 1)


async def test_the_same_bytes_without_any_etag_are_unchanged_too(owner: Caller, settings: Settings) -> None:
    async with Elsewhere(said(sheet())).open() as url:
        pulled = await Pulled(owner, url, settings).make()
        source = await pulled.again()

    assert source["outcome"] == "unchanged"
    assert len(await pulled.runs()) == 1


async def test_a_changed_sheet_changes_what_it_says_otherwise(owner: Caller, settings: Settings) -> None:
    cheaper = [(*CARS[0][:4], "40 lakh", *CARS[0][5:]), *CARS[1:]]
    async with Elsewhere(said(sheet(), ETag='"one"'), said(sheet(cheaper), ETag='"two"')).open() as url:
        pulled = await Pulled(owner, url, settings).make()
        source = await pulled.again()
    run = await run_of(owner, source["run_id"])

    assert (run["created"], run["updated"], run["unchanged"]) == (0, 1, 2)
    assert (await stock_of(owner))["S-1"]["asking_price"] == 4_000_000


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said(b"gone", "404 Not Found"), "http_404"),
        (said(b"who?", "401 Unauthorized"), "http_401"),
        (said(b"broken", "500 Broken"), "http_500"),
        (said(b"", "304 Not Modified"), "http_304"),
        (led("http://169.254.169.254/"), "url_not_allowed"),
        (led("file:///etc/passwd"), "url_not_allowed"),
        (led("/stock.csv"), "http_302"),
        (said(b"<!doctype html><title>Sign in</title><form></form>"), "html_page"),
        (said(sheet([])), "no_rows"),
        (said(b""), "empty"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "unreachable"),
        (b"", "unreachable"),
    ],
)
async def test_a_fetch_that_fails_says_why_and_never_touches_the_stock(
    owner: Caller, settings: Settings, answer: bytes, why: str
) -> None:
    elsewhere = Elsewhere(said(sheet()))
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make(full_stock=True)
        before = await stock_of(owner)
        if why == "http_304":
            await pulled.change(publish=False)  # what is there has not been taken like that: nothing to be the same as
        elsewhere.then(answer)
        source = await pulled.again()

    assert (source["outcome"], source["why"], source["failures"]) == ("fetch_failed", why, 1)
    assert source["says"]
    assert await stock_of(owner) == before
    assert len(await pulled.runs()) == 1


async def test_a_drip_ends_at_the_deadline_and_a_flood_at_the_cap(
    owner: Caller, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "WITHIN_S", 0.3)
    async with Elsewhere(drip).open() as url:
        slow = await (await Pulled(owner, url, settings).make()).now()
    monkeypatch.setattr(pulling, "WITHIN_S", 30.0)
    monkeypatch.setattr(intake, "MOST_BYTES", 300_000)
    async with Elsewhere(flood).open() as url:
        huge = await (await Pulled(owner, url, settings).make()).now()

    assert (slow["why"], huge["why"]) == ("fetch_timeout", "too_large")


async def test_inner_addresses_and_plain_http_are_refused_on_save_and_when_dialled(
    owner: Caller, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (*(f"https://{host}/stock.csv" for host in INNER), "http://example.com/stock.csv", "file:///etc/passwd"):
        answer = await owner.post("feeds/sources", {"name": "x", "url": url})
        if answer.status_code == 201:  # a name that nobody knows yet
            await jobs_ledger.burst()
            path = f"feeds/sources/{answer.json()['source_id']}"
            assert (await owner.get(path)).json()["outcome"] == "fetch_failed", url
            await owner.delete(path)
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "url_not_allowed"), url

    async def public(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14"]

    monkeypatch.setattr(http, "_look_up", public)
    made = await owner.post("feeds/sources", {"name": "x", "url": "https://rebind.example/stock.csv"})
    monkeypatch.setattr(http, "_look_up", as_libc)

    async def inner(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(http, "_look_up", inner)
    await jobs_ledger.burst()
    assert (await owner.get(f"feeds/sources/{made.json()['source_id']}")).json()["why"] == "url_not_allowed"


async def test_failures_wait_longer_each_time_and_the_fifth_in_a_row_pauses(owner: Caller, settings: Settings) -> None:
    elsewhere = Elsewhere(said(b"broken", "500 Broken"))
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make()
        waits = []
        for _ in range(3):
            waits.append(_wait(await pulled.now()))
            await pulled.by_the_clock()
        waits.append(_wait(await pulled.now()))
        source = await pulled.by_the_clock()
        still = await pulled.by_the_clock()
        elsewhere.then(said(sheet()))
        resumed = await pulled.change(state="active")
        running = await pulled.by_the_clock()

    assert waits == [30, 60, 120, 240]
    assert (source["state"], source["failures"], source["next_at"], source["why"]) == ("paused", 5, None, "http_500")
    assert still == source
    assert elsewhere.visits == 6
    assert (resumed["state"], resumed["failures"]) == ("active", 0)
    assert (running["outcome"], running["failures"]) == ("imported", 0)
    assert pulling.backoff(9) == timedelta(days=1)


async def test_one_good_fetch_ends_a_row_of_failures(owner: Caller, settings: Settings) -> None:
    bad = said(b"broken", "503 Away")
    elsewhere = Elsewhere(bad, bad, said(sheet()), bad)
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make()
        seen = [(await pulled.by_the_clock())["failures"] for _ in range(3)]

    assert seen == [2, 0, 1]


async def test_columns_that_lost_something_wait_for_somebody_and_then_it_goes_on(
    owner: Caller, settings: Settings
) -> None:
    renamed = said(sheet(CARS, ("Stock No", "Make", "Model", "Year", "Zzz", "Mileage", "City", "Colour", "Fuel")))
    elsewhere = Elsewhere(said(sheet()), renamed)
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make()
        before = await stock_of(owner)
        elsewhere.then(said(sheet(CARS, ("Stock No", "A", "B", "C", "D", "E", "F", "G", "H"))))
        source = await pulled.again()
        waits = await pulled.by_the_clock()
        unchanged = await stock_of(owner)
        columns = dict(zip(("Stock No", "A", "B", "C", "D"), ("stock_number", "make", "model", "year", "asking_price"),
                           strict=True))  # fmt: skip
        saved = await owner.post("feeds/mappings", {"file_id": source["file_id"], "columns": columns})
        after = await pulled.by_the_clock()

    assert saved.status_code == 201, saved.text
    assert (source["state"], source["outcome"], source["why"]) == ("waiting", "columns_changed", "columns_changed")
    assert source["next_at"] is None
    assert (waits["outcome"], unchanged) == ("columns_changed", before)
    assert (after["state"], after["outcome"]) == ("active", "imported")
    assert (await run_of(owner, after["run_id"]))["unchanged"] + (await run_of(owner, after["run_id"]))["updated"] == 3


async def test_columns_in_another_order_or_with_one_more_run_as_before(owner: Caller, settings: Settings) -> None:
    turned = [row[::-1] for row in CARS]
    elsewhere = Elsewhere(said(sheet()), said(sheet(turned, HEADERS[::-1])))
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make()
        source = await pulled.again()
    run = await run_of(owner, source["run_id"])

    assert source["outcome"] == "imported"
    assert (run["created"], run["updated"], run["unchanged"]) == (0, 0, 3)


async def test_a_whole_stock_that_would_take_much_away_waits_for_approval(owner: Caller, settings: Settings) -> None:
    many = [(f"S-{n}", "Toyota", "Corolla", "2018", "42 lakh", f"{n}0000", "Lahore", "White", "Petrol")
            for n in range(1, 13)]  # fmt: skip
    elsewhere = Elsewhere(said(sheet(many)), said(sheet(many[:6])))
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make(full_stock=True, unlist_after=1)
        source = await pulled.again()
        run = await run_of(owner, source["run_id"])

    assert (run["state"], run["why"]) == ("held", "too_many_missing")
    assert {car["status"] for car in (await stock_of(owner)).values()} == {"live"}


async def test_paused_it_is_not_fetched_and_what_was_on_its_way_changes_nothing(
    owner: Caller, settings: Settings
) -> None:
    elsewhere = Elsewhere(said(sheet()))
    async with elsewhere.open() as url:
        pulled = Pulled(owner, url, settings)
        answer = await owner.post("feeds/sources", {"name": "Showroom", "url": url})
        pulled.id = answer.json()["source_id"]
        await pulled.change(state="paused")
        await jobs_ledger.burst()
        paused = await pulled.by_the_clock()
        before = elsewhere.visits
        asked = await pulled.again()

    assert (before, paused["state"], paused["next_at"], paused["outcome"]) == (0, "paused", None, None)
    assert (asked["state"], asked["outcome"], asked["next_at"]) == ("paused", "imported", None)


async def test_two_workers_at_the_same_moment_and_two_hands_fetch_once(owner: Caller, settings: Settings) -> None:
    elsewhere = Elsewhere(said(sheet()))
    async with elsewhere.open() as url:
        pulled = await Pulled(owner, url, settings).make()
        await pulled.execute("update feed_source set next_at = now() - interval '1 second'")
        await asyncio.gather(*(Sweeper(TIMERS).turn() for _ in range(3)))
        await owner.post(f"feeds/sources/{pulled.id}/fetch")
        await owner.post(f"feeds/sources/{pulled.id}/fetch")
        await asyncio.gather(*(jobs_ledger.burst() for _ in range(2)))

    assert elsewhere.visits == 2


async def test_the_sign_in_is_kept_sealed_sent_along_and_never_told(owner: Caller, settings: Settings) -> None:
    elsewhere = Elsewhere(said(sheet()))
    async with elsewhere.open() as url:
        pulled = Pulled(owner, url, settings)
        await pulled.make(auth="basic", auth_user="dms", secret="zzsecretzz")
        told = (await owner.get(f"feeds/sources/{pulled.id}")).text + (await owner.get("audit?limit=50")).text
        await pulled.change(secret="abc.def", auth="bearer")
        await pulled.again()
        moved = await owner.patch(f"feeds/sources/{pulled.id}", {"url": "https://example.com/stock.csv"})
    connection = await asyncpg.connect(settings.database_owner_url)
    rows = await connection.fetch("select row_to_json(feed_source)::text as row from feed_source")
    await connection.close()

    assert [one.get("authorization") for one in elsewhere.requests] == ["Basic ZG1zOnp6c2VjcmV0eno=", "Bearer abc.def"]
    assert "zzsecretzz" not in told
    assert "abc.def" not in rows[0]["row"]
    assert (moved.status_code, moved.json()["errors"][0]["field"]) == (422, "secret")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"every_hours": 0}, "every_hours"),
        ({"every_hours": 169}, "every_hours"),
        ({"auth": "basic"}, "auth_user"),
        ({"auth": "bearer", "secret": "two words"}, "secret"),
        ({"branch": "nowhere"}, "branch"),
    ],
)
async def test_what_is_wrong_with_a_source_is_said_by_field(owner: Caller, form: dict[str, Any], field: str) -> None:
    answer = await owner.post("feeds/sources", {"name": "x", "url": "https://example.com/stock.csv", **form})

    assert answer.status_code == 422
    assert field in answer.text


async def test_where_an_address_leads_is_fetched_and_credentials_stay_behind(owner: Caller, settings: Settings) -> None:
    there = Elsewhere(said(sheet(), ETag='"one"'))
    here = Elsewhere(b"")
    async with there.open() as real, here.open() as url:
        here.then(led("/published"), led(real))
        set_to(outgoing_allow=",".join(one.split("/")[2] for one in (real, url)))
        pulled = await Pulled(owner, url, settings).make(auth="bearer", secret="a-token-of-theirs")
        stock = await stock_of(owner)
        here.then(led(real))
        there.then(SAME)
        again = await pulled.again()

    assert sorted(stock) == ["S-1", "S-2", "S-3"]
    assert again["outcome"] == "unchanged"
    assert [request.get("authorization") for request in here.requests] == ["Bearer a-token-of-theirs"] * 3
    assert [request.get("authorization") for request in there.requests] == [None, None]
    assert there.requests[1]["if-none-match"] == '"one"'


async def test_removed_it_is_gone_and_its_cars_stay(owner: Caller, settings: Settings) -> None:
    async with Elsewhere(said(sheet())).open() as url:
        pulled = await Pulled(owner, url, settings).make()
        removed = await owner.delete(f"feeds/sources/{pulled.id}")

    assert removed.status_code == 204
    assert (await owner.get(f"feeds/sources/{pulled.id}")).status_code == 404
    assert len(await stock_of(owner)) == 3


async def test_a_member_of_one_branch_has_the_sources_of_that_branch_only(
    api: Caller, owner: Caller, settings: Settings
) -> None:
    async with Elsewhere(said(sheet())).open() as url:
        ours = await Pulled(owner, url, settings).make(branch="lahore", name="Lahore feed")
        whole = await Pulled(owner, url, settings).make(name="Whole feed")
        mo = await manager_of(api, owner, "multan")
        made = await Pulled(mo, url, settings).make(name="Multan feed")
    foreign = await mo.post("feeds/sources", {"name": "x", "url": "https://example.com/x.csv", "branch": "lahore"})
    missing = await mo.post("feeds/sources", {"name": "x", "url": "https://example.com/x.csv", "branch": "nowhere"})

    assert [one["name"] for one in (await mo.get("feeds/sources")).json()["items"]] == ["Multan feed"]
    assert (await made.now())["branch"] == "multan"
    assert len((await owner.get("feeds/sources")).json()["items"]) == 3
    assert foreign.status_code == missing.status_code == 422
    assert foreign.json()["errors"] == missing.json()["errors"]
    for other in (ours, whole):
        for method, path, body in (
            ("GET", "", None), ("PATCH", "", {"name": "y"}), ("DELETE", "", None), ("POST", "/fetch", None),
        ):  # fmt: skip
            assert (await mo(method, f"feeds/sources/{other.id}{path}", body)).status_code == 404, (method, path)
    assert (await mo.patch(f"feeds/sources/{made.id}", {"branch": "lahore"})).status_code == 422


async def manager_of(api: Caller, owner: Caller, branch: str) -> Caller:
    found = next(one for one in (await owner.get("branches")).json()["items"] if one["slug"] == branch)
    form = {"email": f"mo@{branch}.pk", "password": PASSWORD, "name": "Mo", "role": "manager", "branch_id": found["id"]}
    assert (await owner.post("users", form)).status_code == 201
    return await api.sign_in(f"mo@{branch}.pk")


async def test_the_heads_are_told_when_it_stops_and_when_an_import_waits(
    api: Caller, owner: Caller, settings: Settings
) -> None:
    many = [(f"S-{n}", *CARS[0][1:]) for n in range(1, 13)]
    elsewhere = Elsewhere(said(sheet(many)), said(sheet(many[:6])), said(sheet(CARS, ("A", "B", *HEADERS[3:], "C"))))
    async with elsewhere.open() as url:
        lahore, multan = [await manager_of(api, owner, branch) for branch in ("lahore", "multan")]
        pulled = await Pulled(owner, url, settings).make(branch="lahore", full_stock=True)
        held = (await pulled.again())["run_id"]
        await pulled.again()
    heard = [[(one["kind"], one["about"], bool(one["says"]), one["url"]) for one in await _notices(caller)]
             for caller in (owner, lahore, multan)]  # fmt: skip

    assert (
        heard[0]
        == heard[1]
        == [
            ("feed_stopped", "Showroom", True, f"/desk/imports/sources/{pulled.id}"),
            ("import_held", "Showroom", True, f"/desk/imports/{held}"),
        ]
    )
    assert heard[2] == []


async def _notices(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get("notices")).json()["items"]
    return found


async def test_nobody_has_another_dealers_sources(api: Caller, owner: Caller, settings: Settings) -> None:
    async with Elsewhere(said(sheet())).open() as url:
        pulled = await Pulled(owner, url, settings).make()
    other = await dealer(api, "northside")

    assert (await other.get(f"feeds/sources/{pulled.id}")).status_code == 404
    assert (await other.post(f"feeds/sources/{pulled.id}/fetch")).status_code == 404
    assert (await other.get("feeds/sources")).json()["items"] == []


async def test_every_step_is_a_fact(owner: Caller, settings: Settings) -> None:
    async with Elsewhere(said(sheet()), said(b"", "500 Broken")).open() as url:
        pulled = await Pulled(owner, url, settings).make()
        await pulled.again()
    connection = await asyncpg.connect(settings.database_owner_url)
    rows = await connection.fetch("select tag from event where tag like 'feed.source_%' order by seq")
    await connection.close()

    assert [row["tag"] for row in rows] == [
        "feed.source_changed", "feed.source_due", "feed.source_fetched", "feed.source_due", "feed.source_failed",
    ]  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _wait(source: dict[str, Any]) -> int:
    """Minutes."""
    return round((_moment(source["next_at"]) - datetime.now(UTC)).total_seconds() / 60)
