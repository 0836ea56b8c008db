"""A dealer's outlets: made, renamed, given new addresses, closed; each says what it carries and what it leaves out."""

from typing import Any

from app.core.settings import Settings
from tests.feeds.conftest import dealer
from tests.orgs.test_members import member
from tests.outlets.conftest import carried, fetched, offered, outlet
from tests.support.api import Caller


async def test_an_outlet_says_what_it_carries_and_why_the_rest_is_left_out(owner: Caller) -> None:
    made = await outlet(owner)
    await offered(owner, stock_number="1", title="Goes out")
    for number, (title, more) in enumerate(
        {
            "No price": {"asking_price": None},
            "No picture": {"pictured": False},
            "Dealers only": {"visibility": "wholesale_public"},
        }.items()
    ):
        await offered(owner, stock_number=f"L-{number}", title=title, **more)
    sold = await offered(owner, stock_number="S", title="Gone")
    await owner.patch(f"listings/{sold['id']}/status", {"status": "sold"})
    taken_back = await offered(owner, stock_number="D", title="A draft")
    await owner.post(f"listings/{taken_back['id']}/unpublish")
    found = (await owner.get(f"outlets/{made['id']}")).json()
    left = (await owner.get(f"outlets/{made['id']}/left-out")).json()["items"]

    assert found["cars"] == len(await carried(owner, made)) == 1
    assert found["left_out"] == {"no_price": 1, "no_picture": 1, "not_public": 1, "sold": 1, "off_market": 1}
    assert {car["title"]: car["why"] for car in left} == {
        "No price": "no_price", "No picture": "no_picture", "Dealers only": "not_public", "Gone": "sold",
        "A draft": "off_market",
    }  # fmt: skip


async def test_counts_equal_what_is_fetched_for_every_kind_and_branch(owner: Caller) -> None:
    for number, branch in enumerate(("lahore", "multan", "multan")):
        await offered(owner, stock_number=str(number), branch=branch, pictured=number != 2)
    reserved = await offered(owner, stock_number="9", branch="multan")
    await owner.patch(f"listings/{reserved['id']}/status", {"status": "reserved"})
    for kind, branch, cars in (
        ("meta_csv", None, 3), ("csv", None, 3), ("meta_csv", "multan", 2), ("csv", "multan", 2), ("csv", "lahore", 1),
    ):  # fmt: skip
        made = await outlet(owner, kind, branch=branch)
        await fetched(owner, made)
        found = (await owner.get(f"outlets/{made['id']}")).json()

        assert (found["cars"], found["fetched_cars"]) == (cars, cars), (kind, branch)
        assert found["fetched_at"] is not None


async def test_left_out_cars_come_a_page_at_a_time(owner: Caller) -> None:
    made = await outlet(owner)
    for number in range(3):
        await offered(owner, stock_number=str(number), pictured=False)
    path = f"outlets/{made['id']}/left-out?limit=2"
    first = (await owner.get(path)).json()
    second = (await owner.get(f"{path}&cursor={first['next_cursor']}")).json()

    assert [len(first["items"]), len(second["items"]), second["next_cursor"]] == [2, 1, None]


async def test_a_new_address_ends_the_old_one_and_a_closed_outlet_has_none(api: Caller, owner: Caller) -> None:
    made = await outlet(owner, "json")
    renewed = (await owner.post(f"outlets/{made['id']}/address")).json()
    old = await api.stranger().http.get(made["url"])

    assert renewed["url"] != made["url"]
    assert (old.status_code, old.headers["content-type"]) == (404, "application/problem+json")
    assert old.json()["code"] == "not_found"
    assert (await fetched(owner, renewed)).status_code == 200
    assert (await owner.delete(f"outlets/{made['id']}")).status_code == 204
    assert (await api.stranger().http.get(renewed["url"])).status_code == 404
    assert (await owner.get("outlets")).json() == []


async def test_a_guessed_address_or_another_ending_is_not_found(api: Caller, owner: Caller) -> None:
    url = (await outlet(owner, "csv"))["url"]
    for wrong in (url.replace(".csv", ".xml"), url[:-4], url[:-6] + "zz.csv", url.rpartition("/")[0] + "/.csv"):
        answer = await api.stranger().http.get(wrong)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), wrong


async def test_the_feed_of_a_closed_dealership_is_gone(api: Caller, owner: Caller) -> None:
    made, car = await outlet(owner, "csv"), await offered(owner)
    assert (await owner.delete(f"orgs/{car['org_id']}")).status_code == 204

    assert (await api.stranger().http.get(made["url"])).status_code == 404


async def test_heads_change_outlets_who_keeps_stock_reads_them_and_nobody_else(api: Caller, owner: Caller) -> None:
    made = await outlet(owner)
    answers: dict[str, tuple[int, int]] = {}
    for role in ("manager", "ops", "sales", "finance", "readonly"):
        _, caller = await member(api, owner, f"{role} one", role)
        read = await caller.get("outlets")
        changed = await caller.patch(f"outlets/{made['id']}", {"name": f"Of {role}"})
        answers[role] = (read.status_code, changed.status_code)

    assert answers == {
        "manager": (200, 200), "ops": (200, 403), "sales": (403, 403), "finance": (403, 403), "readonly": (403, 403),
    }  # fmt: skip


async def test_the_manager_of_a_branch_has_the_outlets_of_that_branch(api: Caller, owner: Caller) -> None:
    branches = {one["slug"]: one["id"] for one in (await owner.get("branches")).json()["items"]}
    whole = await outlet(owner, "csv")
    _, manager = await member(api, owner, "Zara Malik", "manager", branch_id=branches["multan"])
    mine = await outlet(manager, "csv")
    other = await manager.post("outlets", {"name": "No", "kind": "csv", "branch": "lahore"})

    assert mine["branch"] == "multan"
    assert other.status_code == 422
    assert [one["id"] for one in (await manager.get("outlets")).json()] == [mine["id"]]
    assert (await manager.delete(f"outlets/{whole['id']}")).status_code == 404
    assert (await manager.patch(f"outlets/{mine['id']}", {"branch": None})).json()["branch"] == "multan"


async def test_nobody_reads_or_changes_the_outlets_of_others(api: Caller, owner: Caller) -> None:
    made = await outlet(owner)
    other = await dealer(api, "northside")
    path = f"outlets/{made['id']}"

    assert (await other.get(path)).status_code == 404
    assert (await other.get(f"{path}/left-out")).status_code == 404
    assert (await other.patch(path, {"name": "Theirs"})).status_code == 404
    assert (await other.post(f"{path}/address")).status_code == 404
    assert (await other.delete(path)).status_code == 404
    assert (await owner.get("outlets")).json() == [made]


async def test_what_is_done_to_an_outlet_is_on_record_without_its_address(owner: Caller) -> None:
    made = await outlet(owner, "csv")
    await owner.patch(f"outlets/{made['id']}", {"name": "Portal", "branch": "multan"})
    await owner.patch(f"outlets/{made['id']}", {"name": "Portal"})
    renewed = (await owner.post(f"outlets/{made['id']}/address")).json()
    await owner.delete(f"outlets/{made['id']}")
    records: list[dict[str, Any]] = (await owner.get("audit")).json()["items"]
    told = [one for one in records if one["action"].startswith("outlet.")]

    assert [one["action"] for one in told][::-1] == [
        "outlet.opened", "outlet.changed", "outlet.renewed", "outlet.closed",
    ]  # fmt: skip
    assert set(told[2]["diff"]) == {"name", "branch_id"}
    for url in (made["url"], renewed["url"]):
        assert url.rpartition("/")[2].partition(".")[0] not in str(records)


async def test_only_so_many_outlets(owner: Caller, settings: Settings, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.outlets.rules.MOST", 1)
    await outlet(owner)
    answer = await owner.post("outlets", {"name": "Another", "kind": "xml"})

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_outlets")


async def test_many_cars_are_let_out_and_kept_back_at_once(owner: Caller) -> None:
    made = await outlet(owner, "csv")
    ids = [(await offered(owner, pictured=False, stock_number=str(n)))["id"] for n in range(3)]
    for wished, cars in ((False, 0), (True, 3)):
        action = {"kind": "feeds", "in_feeds": wished}
        batch = (await owner.post("listings/batches", {"ids": ids, "action": action})).json()
        assert batch["changes"] == 3, batch
        assert (await owner.post(f"listings/batches/{batch['id']}/application")).status_code == 200
        assert (await owner.get(f"outlets/{made['id']}")).json()["cars"] == cars
    undone = await owner.post(f"listings/batches/{batch['id']}/undoing")
    assert undone.status_code == 200
    assert (await owner.get(f"outlets/{made['id']}")).json()["cars"] == 0
    empty = await owner.post("listings/batches", {"ids": ids, "action": {"kind": "feeds"}})
    assert empty.status_code == 422


async def test_a_car_is_not_let_out_until_somebody_says_so(owner: Caller) -> None:
    car = (await owner.post("listings", {
        "make": "honda", "model": "civic", "year": 2021, "odometer_km": 9, "city": "lahore", "branch": "lahore",
    })).json()  # fmt: skip
    let_out = (await owner.patch(f"listings/{car['id']}", {"in_feeds": True})).json()

    assert (car["in_feeds"], let_out["in_feeds"]) == (False, True)
