"""A member of one branch imports into that branch: cars of the others are refused by name, and stay."""

import pytest

from app.core import jobs_ledger
from tests.feeds.conftest import CARS, HEADERS, counts, imported, run_of, sheet, stock_of, upload
from tests.support.api import PASSWORD, Caller

OF_MULTAN = tuple((*row, "multan") for row in CARS)
WITH_BRANCH = (*HEADERS, "Branch")


@pytest.fixture
async def manager(api: Caller, owner: Caller) -> Caller:
    """Of the branch in Lahore alone."""
    branches = {one["slug"]: one["id"] for one in (await owner.get("branches")).json()["items"]}
    person = {"email": "noor@southside.pk", "name": "Noor", "role": "manager", "password": PASSWORD}
    made = await owner.post("users", {**person, "branch_id": branches["lahore"]})
    assert made.status_code == 201, made.text
    return await api.sign_in(person["email"])


async def test_rows_of_another_branch_are_refused_and_the_others_are_taken(owner: Caller, manager: Caller) -> None:
    await imported(owner, sheet(OF_MULTAN[:1], WITH_BRANCH))
    rows = [(*CARS[0][:4], "39 lakh", *CARS[0][5:], ""), OF_MULTAN[1], (*CARS[2], "")]

    run = await imported(manager, sheet(rows, WITH_BRANCH))

    assert counts(run) == (1, 0, 0, 0, 2)
    stock = await stock_of(owner)
    assert stock["S-1"]["asking_price"] == 4_250_000
    assert "S-2" not in stock
    assert stock["S-3"]["branch"] == "lahore"
    rejects = (await manager.get(f"feeds/runs/{run['id']}/rejects")).json()
    assert [one["problems"][0]["code"] for one in rejects] == ["other_branch", "other_branch"]


async def test_a_trial_says_the_same(owner: Caller, manager: Caller) -> None:
    await imported(owner, sheet(OF_MULTAN, WITH_BRANCH))

    run = await imported(manager, sheet(), dry_run=True)

    assert counts(run) == (0, 0, 0, 0, 3)


async def test_a_full_stock_of_one_branch_leaves_the_others(owner: Caller, manager: Caller) -> None:
    await imported(owner, sheet(OF_MULTAN, WITH_BRANCH))
    mine = ("L-1", *CARS[0][1:])

    for _ in range(3):
        run = await imported(manager, sheet([mine]), full_stock=True)

    assert run["missing"] == run["unlisted"] == 0
    assert {car["status"] for car in (await stock_of(owner)).values()} == {"live"}


async def test_runs_of_other_branches_are_not_theirs_to_stop_or_take_back(owner: Caller, manager: Caller) -> None:
    whole = await imported(owner, sheet())
    answer = await owner.post(f"feeds/{await upload(owner, sheet(OF_MULTAN, WITH_BRANCH))}/runs", {})
    waiting = answer.json()["run_id"]

    for path in (f"feeds/runs/{whole['id']}/undo", f"feeds/runs/{waiting}/stop", f"feeds/runs/{waiting}/approve"):
        answer = await manager.post(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "import_of_others"), path

    await jobs_ledger.burst()
    assert (await run_of(owner, waiting))["state"] == "done"


async def test_what_a_member_has_imported_they_take_back(owner: Caller, manager: Caller) -> None:
    run = await imported(manager, sheet())

    answer = await manager.post(f"feeds/runs/{run['id']}/undo")
    await jobs_ledger.burst()

    assert answer.status_code == 202
    assert await stock_of(owner) == {}
