"""Many cars changed as one: shown, applied, taken back; what somebody changed since is named and never overwritten."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.settings import Settings
from app.listings import rules
from tests.listings.test_api import made, published, southside
from tests.orgs.test_members import member
from tests.support.api import Caller, org_of


def test_a_percentage_ends_in_thousands_as_people_ask() -> None:
    assert rules.by_percent(4_250_000, -2) == 4_165_000
    assert rules.by_percent(4_333_000, -2.5) == 4_225_000
    assert rules.by_percent(4_333_333, 0.1) == 4_338_000
    assert rules.by_percent(40_001, -2) == 39_201
    assert rules.by_amount(100_000, -100_000) is None


@given(st.integers(1, 9_999_999_999), st.floats(-50, 50))
def test_a_percentage_goes_its_way_by_about_as_much(price: int, percent: float) -> None:
    after, exact = rules.by_percent(price, percent), price * (1 + round(percent, 1) / 100)

    assert after >= 1
    assert abs(after - exact) <= (501 if price >= 50_000 else 1) + price / 1000


async def cars(owner: Caller, count: int, **more: Any) -> list[str]:
    return [
        (await published(owner, stock_number=f"B-{n}", asking_price=3_000_000 + 137_000 * n, **more))["id"]
        for n in range(count)
    ]


async def shown(owner: Caller, ids: list[str], **action: Any) -> dict[str, Any]:
    answer = await owner.post("listings/batches", {"ids": ids, "action": action})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def step(owner: Caller, batch: dict[str, Any], which: str) -> dict[str, Any]:
    answer = await owner.post(f"listings/batches/{batch['id']}/{which}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def prices(owner: Caller) -> dict[str, int | None]:
    rows = (await owner.get("listings?scope=org&limit=100")).json()["items"]
    return {row["id"]: row["asking_price"] for row in rows}


async def test_prices_go_down_by_a_percentage_and_come_back_to_the_rupee(api: Caller) -> None:
    owner = await southside(api)
    ids = [*await cars(owner, 4), (await made(owner, stock_number="N", asking_price=None))["id"]]
    before = await prices(owner)
    batch = await shown(owner, ids, kind="price_percent", percent=-2)
    still = await prices(owner)
    applied = await step(owner, batch, "application")
    during = await prices(owner)
    searched = {hit["id"]: hit["asking_price"] for hit in (await api.stranger().get("listings")).json()["hits"]}
    cheap = (await api.stranger().get(f"listings?price_max={2_940_000}")).json()["total"]
    history = (await owner.get(f"listings/{ids[0]}/prices")).json()
    undone = await step(owner, batch, "undoing")

    assert (batch["state"], batch["changes"], batch["skipped"]) == ("shown", 4, {"no_price": 1})
    assert {car["listing_id"]: car["after"] for car in batch["cars"]}[ids[1]] == {"asking_price": 3_074_000}
    assert still == before
    assert (applied["state"], applied["changes"]) == ("applied", 4)
    assert during == {one: price and rules.by_percent(price, -2) for one, price in before.items()}
    assert searched == {one: during[one] for one in ids[:4]}
    assert cheap == 1
    assert [row["reason"] for row in history] == ["bulk", "created"]
    assert (undone["state"], undone["changes"]) == ("undone", 4)
    assert await prices(owner) == before
    assert (await api.stranger().get("listings?price_max=2940000")).json()["total"] == 0


async def test_what_was_changed_since_is_named_and_not_overwritten(api: Caller) -> None:
    owner = await southside(api)
    ids = await cars(owner, 3)
    batch = await shown(owner, ids, kind="price", price=2_500_000)
    await owner.patch(f"listings/{ids[0]}", {"colour": "red"})
    applied = await step(owner, batch, "application")
    await owner.patch(f"listings/{ids[1]}", {"asking_price": 2_400_000})
    undone = await step(owner, batch, "undoing")
    now = await prices(owner)

    assert (applied["changes"], applied["skipped"]) == (2, {"changed_meanwhile": 1})
    assert (undone["changes"], undone["skipped"]) == (1, {"changed_meanwhile": 2})
    assert {car["listing_id"] for car in undone["cars"] if car["skipped"]} == {ids[0], ids[1]}
    assert [now[one] for one in ids] == [3_000_000, 2_400_000, 3_274_000]


async def test_states_branches_and_visibility_come_back_as_they_were(api: Caller) -> None:
    owner = await southside(api)
    assert (await owner.post("branches", {"name": "Multan", "slug": "multan", "city": "Multan"})).status_code == 201
    ids = [*await cars(owner, 2), (await made(owner, stock_number="D"))["id"]]
    path = f"listings/{ids[0]}"
    before = (await owner.get(path)).json()
    for action, name, value, skipped in (
        ({"kind": "branch", "branch": "multan"}, "branch", "multan", {}),
        ({"kind": "visibility", "visibility": "private"}, "visibility", "private", {}),
        ({"kind": "channel", "channel": "autotrader"}, "channel", "autotrader", {}),
        ({"kind": "status", "status": "sold", "reason": "dealer"}, "status", "sold", {"move_not_allowed": 1}),
        ({"kind": "status", "status": "reserved"}, "status", "reserved", {"move_not_allowed": 1}),
        ({"kind": "status", "status": "archived", "reason": "owner"}, "status", "archived", {}),
        ({"kind": "status", "status": "draft"}, "status", "draft", {"unchanged": 1}),
    ):
        batch = await shown(owner, ids, **action)
        applied = await step(owner, batch, "application")
        during = (await owner.get(path)).json()
        found = (await api.stranger().get("listings")).json()["total"]
        await step(owner, batch, "undoing")
        after = (await owner.get(path)).json()

        assert applied["skipped"] == skipped, action
        assert during[name] == value
        assert found == (2 if name == "branch" else 0), action
        assert {k: v for k, v in after.items() if k != "version"} == {k: v for k, v in before.items() if k != "version"}
        assert (await api.stranger().get("listings")).json()["total"] == 2
        assert again_is_refused(await owner.post(f"listings/batches/{batch['id']}/undoing"))


def again_is_refused(answer: Any) -> bool:
    return (answer.status_code, answer.json()["code"]) == (409, "not_now")


async def test_one_fact_a_chunk_however_many_cars(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    first = await published(owner, asking_price=3_000_000)
    connection = await asyncpg.connect(settings.database_owner_url)
    await copies(connection, first["id"], 249)
    ids = [str(row["id"]) for row in await connection.fetch("select id from listing")]
    batch = await shown(owner, ids, kind="price_percent", percent=-2)
    before = await connection.fetchval("select max(seq) from event where org_id = $1::uuid", first["org_id"])
    applied = await step(owner, batch, "application")
    told = await connection.fetch("select tag, payload from event where seq > $1 order by seq", before)
    left = await connection.fetchval("select count(*) from listing where asking_price = 2940000")
    found = await connection.fetchval("select count(*) from listing_search where asking_price = 2940000")
    asked = await connection.fetchval("select count(*) from listing_price where reason = 'bulk'")
    await connection.close()

    assert applied["changes"] == left == found == asked == 250
    assert [row["tag"] for row in told] == ["stock.changed"] * 3


async def copies(connection: Any, listing_id: str, count: int) -> None:
    for table, new in (
        ("listing", "id, number, stock_number"),
        ("listing_search", "id"),
        ("listing_text", "id"),
    ):
        columns = [
            row["column_name"]
            for row in await connection.fetch(
                "select column_name from information_schema.columns where table_name = $1", table
            )
            if row["column_name"] not in new.split(", ")
        ]
        listed = ", ".join(columns)
        made = {"id": "md5(n::text)::uuid", "number": "nextval('listing_number_seq')", "stock_number": "'C-' || n"}
        values = ", ".join(made[name] for name in new.split(", "))
        await connection.execute(
            f"insert into {table} ({new}, {listed}) select {values}, {listed} "  # noqa: S608
            f"from {table}, generate_series(1, $2::int) n where id = $1::uuid",
            listing_id, count,
        )  # fmt: skip


@pytest.mark.parametrize(
    "action",
    [{"kind": "price_percent"}, {"kind": "price_percent", "percent": 0}, {"kind": "price_percent", "percent": -80},
     {"kind": "price"}, {"kind": "price", "price": 0}, {"kind": "branch", "branch": "nowhere"}, {"kind": "branch"},
     {"kind": "status", "status": "pending"}, {"kind": "status"}, {"kind": "paint"}, {}],
)  # fmt: skip
async def test_an_action_that_cannot_be_is_refused(api: Caller, action: dict[str, Any]) -> None:
    owner = await southside(api)
    listing = await made(owner)
    answer = await owner.post("listings/batches", {"ids": [listing["id"]], "action": action})

    assert answer.status_code in (400, 422), answer.text


async def test_each_role_and_branch_keeps_to_what_is_theirs(api: Caller) -> None:
    owner = await southside(api)
    multan = {"name": "Multan", "slug": "multan", "city": "Multan"}
    branch_id = (await owner.post("branches", multan)).json()["id"]
    _id, sales = await member(api, owner, "Mo Khan", "sales", branch_id=branch_id)
    _id, ops = await member(api, owner, "Ops Khan", "ops")
    _id, onlooker = await member(api, owner, "Rea Khan", "readonly")
    ids = await cars(owner, 1)
    theirs = await shown(sales, ids, kind="price", price=5_000_000)
    northside = await org_of(api, "northside", "ana@northside.pk")
    batch = await shown(owner, ids, kind="price", price=5_000_000)
    publish = {"ids": ids, "action": {"kind": "status", "status": "draft"}}

    assert theirs["skipped"] == {"other_branch": 1}
    assert (await sales.post("listings/batches", publish)).status_code == 403
    assert (await ops.post("listings/batches", publish)).status_code == 201
    assert (await onlooker.post("listings/batches", publish)).status_code == 403
    assert (await northside.post("listings/batches", publish)).status_code == 422
    for which in ("application", "undoing"):
        assert (await northside.post(f"listings/batches/{batch['id']}/{which}")).status_code == 404
    assert (await northside.get(f"listings/batches/{batch['id']}")).status_code == 404
    assert (await prices(owner))[ids[0]] == 3_000_000


async def test_after_a_day_it_can_no_longer_be_taken_back(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    batch = await shown(owner, await cars(owner, 1), kind="price", price=2_500_000)
    await step(owner, batch, "application")
    connection = await asyncpg.connect(settings.database_owner_url)
    await connection.execute("alter table stock_batch no force row level security")
    await connection.execute("update stock_batch set applied_at = now() - interval '24 hours 1 second'")
    await connection.close()
    late = await owner.post(f"listings/batches/{batch['id']}/undoing")

    assert (late.status_code, late.json()["code"]) == (409, "batch_too_old")
    assert (await prices(owner)).popitem()[1] == 2_500_000


async def test_states_say_why_and_what_it_went_for(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await published(owner))['id']}"
    await owner.put(f"{path}/costs", {"lines": [{"kind": "purchase", "amount": 5_000_000}], "version": 0})
    reserved = (await owner.patch(f"{path}/status", {"status": "reserved", "reason": "token"})).json()
    sold = (
        await owner.patch(f"{path}/status", {"status": "sold", "reason": "to his cousin", "sold_price": 6_000_000})
    ).json()
    margin = (await owner.get(f"{path}/costs")).json()
    back = (await owner.patch(f"{path}/status", {"status": "live"})).json()
    away = (await owner.post(f"{path}/archive?reason=owner")).json()

    assert (reserved["status_reason"], sold["status_reason"], sold["sold_price"]) == (
        "token", "to his cousin", 6_000_000,
    )  # fmt: skip
    assert (margin["sold"], margin["price"], margin["margin"]) == (True, 6_000_000, 1_000_000)
    assert (back["status_reason"], back["sold_price"]) == (None, None)
    assert (away["status"], away["status_reason"]) == ("archived", "owner")
    assert "status_reason" not in (await api.stranger().get("listings?facets=1")).text
