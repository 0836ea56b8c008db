"""Imports that are interrupted, held, stopped, or meet a full stock."""

import asyncpg
import pytest

from app.core import jobs_ledger
from app.core.settings import Settings
from app.feeds import reactions, service
from tests.feeds.conftest import CARS, HEADERS, counts, imported, run_of, sheet, stock_of, upload
from tests.support.api import Caller

_CAR = ("Honda", "City", "2020", "38 lakh", "30000", "Lahore", "Red", "Petrol")


def many(count: int, *, price: str = "38 lakh") -> list[tuple[str, ...]]:
    return [(f"M-{number}", *_CAR[:3], price, *_CAR[4:]) for number in range(count)]


async def test_a_run_that_dies_in_the_middle_goes_on_where_it_was(
    owner: Caller, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "_FIRST", 3)
    monkeypatch.setattr(reactions, "_MOST", 3)
    real, calls = service.advance, []

    async def breaks(*args, **more):
        calls.append(more["after"])
        if len(calls) == 3:
            raise RuntimeError("the worker is gone")
        return await real(*args, **more)

    monkeypatch.setattr(service, "advance", breaks)
    rows = [*many(10), many(1)[0]]
    run = await imported(owner, sheet(rows))
    half = (run["state"], run["created"], len(await stock_of(owner)))
    await _due_now(settings)
    await jobs_ledger.burst()
    run = await run_of(owner, run["id"])

    assert half == ("running", 6, 6)
    assert (run["state"], run["read"], counts(run)) == ("done", 11, (10, 0, 0, 1, 0))
    assert len(await stock_of(owner)) == 10
    assert calls == [0, 4, 7, 7, 10], "what was done is not read again"


async def test_a_full_stock_unlists_what_is_missing_twice_and_brings_back_what_returns(owner: Caller) -> None:
    await imported(owner, sheet(many(12)))
    first = await imported(owner, sheet(many(11)), full_stock=True)
    after_one = (await stock_of(owner))["M-11"]["status"]
    second = await imported(owner, sheet(many(11)), full_stock=True)
    gone = (await stock_of(owner))["M-11"]
    back = await imported(owner, sheet(many(12)), full_stock=True)
    again = (await stock_of(owner))["M-11"]

    assert (first["missing"], first["unlisted"], after_one) == (1, 0, "live")
    assert (second["missing"], second["unlisted"]) == (1, 1)
    assert (gone["status"], gone["doubt"]) == ("draft", "missing_from_feed")
    assert (counts(back)[1], again["status"], again["doubt"]) == (1, "live", None)


async def test_a_cut_off_full_stock_is_held_changes_nothing_and_goes_on_when_somebody_says_so(owner: Caller) -> None:
    await imported(owner, sheet(many(12)))
    before = await stock_of(owner)
    held = await imported(owner, sheet(many(5, price="30 lakh")), full_stock=True)
    untouched = await stock_of(owner)
    approved = await owner.post(f"feeds/runs/{held['id']}/approve")
    await jobs_ledger.burst()
    run = await run_of(owner, held["id"])

    assert (held["state"], held["why"], held["missing"]) == ("held", "too_many_missing", 7)
    assert untouched == before
    assert approved.status_code == 200
    assert (run["state"], run["updated"], run["missing"]) == ("done", 5, 7)
    assert (await owner.post(f"feeds/runs/{held['id']}/approve")).json()["code"] == "not_held"


async def test_a_full_stock_that_reprices_a_fifth_is_held_and_can_be_refused(owner: Caller) -> None:
    await imported(owner, sheet(many(12)))
    dearer = [*many(3, price="39 lakh"), *many(12)[3:]]
    held = await imported(owner, sheet(dearer), full_stock=True)
    stopped = await owner.post(f"feeds/runs/{held['id']}/stop")

    assert (held["state"], held["why"], held["repriced"]) == ("held", "too_many_repriced", 3)
    assert stopped.json()["state"] == "stopped"
    assert {car["asking_price"] for car in (await stock_of(owner)).values()} == {3_800_000}


async def test_an_empty_full_stock_takes_nothing_away(owner: Caller) -> None:
    await imported(owner, sheet(many(12)))
    answer = await owner.post("feeds/upload", files={"file": ("stock.csv", sheet([]))})

    assert (answer.status_code, answer.json()["code"]) == (422, "no_rows")
    assert len(await stock_of(owner)) == 12


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "html_page"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><cars><car><make>Honda</make></car></cars>', "doctype"),
        (b"\x00\x01\x02\x03\xff\xfe" * 50, "not_a_sheet"),
    ],
)
async def test_what_is_no_sheet_is_refused_in_words_and_leaves_the_stock(
    owner: Caller, content: bytes, code: str
) -> None:
    await imported(owner, sheet())
    answer = await owner.post("feeds/upload", files={"file": ("stock.csv", content)})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(await stock_of(owner)) == 3


async def test_two_runs_of_one_dealer_take_turns(owner: Caller) -> None:
    ids = []
    for price in ("40 lakh", "41 lakh"):
        file_id = await upload(owner, sheet([(*CARS[0][:4], price, *CARS[0][5:])], HEADERS))
        ids.append((await owner.post(f"feeds/{file_id}/runs", {})).json()["run_id"])
    await jobs_ledger.burst()
    first, second = [await run_of(owner, run_id) for run_id in ids]

    assert (first["state"], first["created"]) == ("done", 1)
    assert (second["state"], second["updated"]) in (("done", 1), ("waiting", 0))


async def _due_now(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        await connection.execute("update job set run_at = now() where done_at is null")
    finally:
        await connection.close()
