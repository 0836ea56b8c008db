"""A dealer's sheet becomes stock: once, again, changed, undone, and never by halves."""

from typing import Any

import asyncpg

from app.adapters import storage
from app.core import jobs_ledger
from app.core.settings import Settings
from tests.feeds.conftest import CARS, HEADERS, counts, dealer, imported, run_of, sheet, stock_of, upload
from tests.support.api import Caller


async def test_every_readable_row_is_a_live_car_that_buyers_find(api: Caller, owner: Caller) -> None:
    run = await imported(owner, sheet())
    stock = await stock_of(owner)
    found = (await api.stranger().get("listings?q=corolla")).json()

    assert run["state"] == "done"
    assert (run["read"], run["percent"], counts(run)) == (3, 100, (3, 0, 0, 0, 0))
    corolla = stock["S-1"]
    assert (corolla["make"], corolla["model"], corolla["year"], corolla["asking_price"], corolla["odometer_km"]) == (
        "toyota", "corolla", 2018, 4_250_000, 65_000,
    )  # fmt: skip
    assert (corolla["status"], corolla["branch"], corolla["colour"], corolla["fuel"], corolla["body"]) == (
        "live", "lahore", "white", "petrol", "sedan",
    )  # fmt: skip
    assert found["total"] == 1
    assert found["hits"][0]["id"] == corolla["id"]


async def test_the_same_file_again_changes_nothing(owner: Caller) -> None:
    await imported(owner, sheet())
    before = await stock_of(owner)
    again = await imported(owner, sheet())

    assert counts(again) == (0, 0, 3, 0, 0)
    assert await stock_of(owner) == before


async def test_one_changed_price_is_one_updated_car_with_its_price_history(owner: Caller) -> None:
    await imported(owner, sheet())
    cheaper = [(*CARS[0][:4], "40 lakh", *CARS[0][5:]), *CARS[1:]]
    run = await imported(owner, sheet(cheaper))
    stock = await stock_of(owner)
    prices = (await owner.get(f"listings/{stock['S-1']['id']}/prices")).json()

    assert counts(run) == (0, 1, 2, 0, 0)
    assert stock["S-1"]["asking_price"] == 4_000_000
    assert [price["price"] for price in prices] == [4_000_000, 4_250_000]


async def test_what_somebody_corrected_at_the_desk_stays_when_the_sheet_says_the_same_as_before(owner: Caller) -> None:
    await imported(owner, sheet())
    car = (await stock_of(owner))["S-1"]
    assert (await owner.patch(f"listings/{car['id']}", {"odometer_km": 66_000})).status_code == 200
    cheaper = [(*CARS[0][:4], "40 lakh", *CARS[0][5:]), *CARS[1:]]
    await imported(owner, sheet(cheaper))
    after = (await stock_of(owner))["S-1"]

    assert (after["odometer_km"], after["asking_price"]) == (66_000, 4_000_000)


async def test_a_trial_counts_what_the_run_then_does_and_writes_no_stock(owner: Caller) -> None:
    await imported(owner, sheet(CARS[:2]))
    mixed = [(*CARS[0][:4], "40 lakh", *CARS[0][5:]), *CARS[1:], CARS[2], ("S-4", "", "", "", "", "", "", "", "")]
    before = await stock_of(owner)
    trial = await imported(owner, sheet(mixed), dry_run=True)
    unchanged = await stock_of(owner)
    run = await imported(owner, sheet(mixed))

    assert unchanged == before
    assert counts(trial) == counts(run) == (1, 1, 1, 1, 1)


async def test_undo_restores_every_value_and_lists_what_somebody_changed_since(owner: Caller) -> None:
    await imported(owner, sheet())
    before = await stock_of(owner)
    changed = [
        (*CARS[0][:4], "40 lakh", "70,000 km", *CARS[0][6:]),
        (*CARS[1][:4], "60 lakh", *CARS[1][5:]),
        CARS[2],
        ("S-4", "Honda", "City", "2020", "38 lakh", "30000", "Lahore", "Red", "Petrol"),
    ]
    run = await imported(owner, sheet(changed))
    car = (await stock_of(owner))["S-1"]
    assert (await owner.patch(f"listings/{car['id']}", {"asking_price": 3_900_000})).status_code == 200
    assert (await owner.post(f"feeds/runs/{run['id']}/undo")).status_code == 202
    await jobs_ledger.burst()
    undone = await run_of(owner, run["id"])
    after = await stock_of(owner)

    assert undone["state"] == "undone"
    assert [(one["title"], one["fields"]) for one in undone["conflicts"]] == [("Toyota Corolla 2018", ["asking_price"])]
    assert "S-4" not in after
    assert _plain(after["S-2"]) == _plain(before["S-2"])
    assert after["S-3"] == before["S-3"]
    assert (after["S-1"]["asking_price"], after["S-1"]["odometer_km"]) == (3_900_000, 65_000)
    assert (await owner.post(f"feeds/runs/{run['id']}/undo")).json()["code"] == "not_undoable"
    again = await imported(owner, sheet())
    assert counts(again)[0] == 0
    assert "S-4" not in await stock_of(owner)


async def test_after_an_undo_the_same_sheet_makes_its_cars_again(owner: Caller) -> None:
    run = await imported(owner, sheet())
    await owner.post(f"feeds/runs/{run['id']}/undo")
    await jobs_ledger.burst()

    assert await stock_of(owner) == {}
    assert counts(await imported(owner, sheet())) == (3, 0, 0, 0, 0)
    assert set(await stock_of(owner)) == {"S-1", "S-2", "S-3"}


async def test_without_stock_numbers_the_same_rows_are_the_same_cars_and_equal_rows_are_two(owner: Caller) -> None:
    rows = [row[1:] for row in (*CARS, CARS[0])]
    first = await imported(owner, sheet(rows, HEADERS[1:]))
    dearer = [(*rows[0][:3], "45 lakh", *rows[0][4:]), *rows[1:]]
    second = await imported(owner, sheet(dearer, HEADERS[1:]))

    assert counts(first) == (4, 0, 0, 0, 0)
    assert counts(second) == (0, 1, 3, 0, 0)
    assert len(await stock_of(owner)) == 4


async def test_a_doubtful_row_is_a_draft_that_says_what_is_in_doubt_and_goes_live_when_it_is_settled(
    owner: Caller,
) -> None:
    doubtful = [(*CARS[0][:1], "Toyota", "Zzyzx 900", *CARS[0][3:])]
    run = await imported(owner, sheet(doubtful))
    draft = (await stock_of(owner))["S-1"]
    settled = await imported(owner, sheet(CARS[:1]))
    car = (await stock_of(owner))["S-1"]

    assert (run["created"], run["doubted"]) == (1, 1)
    assert (draft["status"], bool(draft["doubt"])) == ("draft", True)
    assert counts(settled) == (0, 1, 0, 0, 0)
    assert (car["status"], car["doubt"], car["model"]) == ("live", None, "corolla")


async def test_rejected_rows_come_back_as_a_sheet_that_can_be_mended_and_sent_again(owner: Caller) -> None:
    rows = [CARS[0], ("S-8", "", "", "", "", "", "", "", ""), ("S-9", "", "", "2020", "30 lakh", "1", "Lahore", "", "")]
    run = await imported(owner, sheet(rows))
    rejects = (await owner.get(f"feeds/runs/{run['id']}/rejects")).json()
    answer = await owner.get(f"feeds/runs/{run['id']}/rejects.csv")
    told = answer.text.lstrip("\ufeff").splitlines()
    mended = answer.text.replace("S-8,,,,,,", "S-8,Honda,City,2020,38 lakh,30000,Lahore")
    second = await imported(owner, mended.encode(), "rejects.csv")

    assert (run["created"], run["rejected"]) == (1, 2)
    assert [reject["number"] for reject in rejects] == [3, 4]
    assert rejects[0]["problems"][0]["code"]
    assert told[0].split(",")[:9] == list(HEADERS)
    assert told[0].split(",")[9:] == ["row", "problem", "hint"]
    assert "attachment" in answer.headers["content-disposition"]
    assert second["created"] == 1
    assert set(await stock_of(owner)) == {"S-1", "S-8"}


async def test_a_saved_mapping_is_used_for_the_same_headings_the_next_time(owner: Caller) -> None:
    headers = ("Ref", "Gari", "Saal", "Paisay", "Chali", "Sheher")
    content = sheet([("X-1", "Toyota Corolla GLi", "2015", "28 lacs", "90000", "Lahore")], headers)
    file_id = await upload(owner, content)
    columns = dict(zip(headers, ("stock_number", "title", "year", "asking_price", "odometer_km", "city"), strict=True))
    saved = await owner.post("feeds/mappings", {"file_id": file_id, "columns": columns, "branch": "multan"})
    run = await imported(owner, content)
    card = (await owner.get(f"feeds/files/{run['file_id']}")).json()

    assert saved.status_code == 201, saved.text
    assert {column["why"] for column in card["columns"]} == {"kept"}
    assert (run["created"], run["branch"]) == (1, "multan")
    assert (await stock_of(owner))["X-1"]["asking_price"] == 2_800_000


async def test_two_columns_into_one_field_are_refused_by_name(owner: Caller) -> None:
    file_id = await upload(owner, sheet())
    columns = dict.fromkeys(HEADERS) | {
        "Make": "make",
        "Model": "model",
        "Price": "asking_price",
        "Year": "asking_price",
    }
    answer = await owner.post("feeds/mappings", {"file_id": file_id, "columns": columns})

    assert answer.status_code == 422
    assert answer.json()["code"] == "bad_mapping"
    assert {error["field"] for error in answer.json()["errors"]} >= {"Price", "Year"}


async def test_nobody_sees_or_runs_another_dealers_files_and_runs(api: Caller, owner: Caller) -> None:
    run = await imported(owner, sheet())
    other = await dealer(api, "northside")

    for method, path in (
        ("GET", f"feeds/files/{run['file_id']}"),
        ("GET", f"feeds/runs/{run['id']}"),
        ("GET", f"feeds/runs/{run['id']}/rejects.csv"),
        ("POST", f"feeds/runs/{run['id']}/undo"),
        ("POST", f"feeds/runs/{run['id']}/stop"),
    ):
        assert (await other(method, path)).status_code == 404, path
    assert (await other.post(f"feeds/{run['file_id']}/runs", {})).status_code == 404
    assert (await other.get("feeds/runs")).json()["items"] == []


async def test_a_run_writes_one_fact_a_chunk_and_every_change_is_on_record(owner: Caller, settings: Settings) -> None:
    run = await imported(owner, sheet())
    rows: list[Any] = await _fetch(settings, "select tag from event where tag like 'feed.%' order by seq")

    assert [row["tag"] for row in rows] == [
        "feed.file_uploaded", "feed.run_started", "feed.run_advanced", "feed.run_finished",
    ]  # fmt: skip
    left = await _fetch(settings, "select count(*) as n from feed_seen")
    assert left[0]["n"] == 0
    assert run["rate"] is not None


async def _fetch(settings: Settings, query: str) -> list[Any]:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


def _plain(car: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in car.items() if name != "version"}


async def test_a_file_that_left_the_store_is_said_to_be_lost(owner: Caller) -> None:
    file_id = await upload(owner, sheet())
    storage.install(storage.MemoryStorage())
    answer = await owner.put(f"feeds/files/{file_id}/reading", {"separator": ","})
    started = await owner.post(f"feeds/{file_id}/runs", {})
    await jobs_ledger.burst()
    run = await run_of(owner, started.json()["run_id"])

    assert (answer.status_code, answer.json()["code"]) == (410, "file_lost")
    assert (run["state"], run["why"], run["created"]) == ("failed", "file_gone", 0)


async def test_a_car_whose_row_names_no_city_stands_where_its_branch_does(owner: Caller) -> None:
    run = await imported(owner, sheet([row[:6] for row in CARS], HEADERS[:6]), branch="multan")
    stock = await stock_of(owner)

    assert (run["created"], run["doubted"]) == (3, 0)
    assert {(car["branch"], car["city"], car["status"]) for car in stock.values()} == {("multan", "multan", "live")}
