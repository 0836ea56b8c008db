"""What a car has cost: for owners, managers and finance, for nobody else, by no road."""

import re
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from app.core import security
from app.listings import rules
from app.listings.facts import ListingCostsChanged
from app.orgs.rules import clearance, may
from tests.listings.test_api import made, published, southside
from tests.orgs.test_members import member
from tests.support.api import Caller, org_of

TOLD = 7_654_321
SECRET = re.compile(r"7,?654,?321|76\.54 lakh")


def sheet(*amounts: int, version: int = 0) -> dict[str, Any]:
    return {"lines": [{"kind": "purchase", "amount": amount} for amount in amounts], "version": version}


def test_margin_is_what_is_left_of_the_price() -> None:
    assert rules.margin(6_450_000, 6_000_000) == (450_000, 7.0)
    assert rules.margin(1_000_000, 1_250_000) == (-250_000, -25.0)
    assert rules.margin(None, 5) is None
    assert rules.margin(5, 0) is None


def test_whoever_sees_costs_has_the_clearance_for_them() -> None:
    for role in ("owner", "manager", "sales", "ops", "finance", "readonly"):
        assert may(role, "listing_cost.read") is (clearance(role) == "desk+cost")
    assert ListingCostsChanged.needs == "listing_cost.read"


async def test_costs_are_written_as_a_whole_and_leave_a_margin(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await made(owner))['id']}/costs"
    empty = (await owner.get(path)).json()
    lines = [
        {"kind": "purchase", "amount": 5_800_000}, {"kind": "transfer_tax", "amount": 45_000},
        {"kind": "other", "label": "New tyres", "amount": 105_000},
    ]  # fmt: skip
    written = await owner.put(path, {"lines": lines, "version": 0})
    again = await owner.put(path, {"lines": lines, "version": 1})
    late = await owner.put(path, sheet(1, version=0))
    shown = (await owner.get(path)).json()

    assert (empty["lines"], empty["total"], empty["margin"], empty["version"]) == ([], 0, None, 0)
    assert written.status_code == 200, written.text
    assert (shown["total"], shown["margin"], shown["margin_percent"]) == (5_950_000, 500_000, 7.8)
    assert [line["label"] for line in shown["lines"]] == ["", "", "New tyres"]
    assert again.json()["version"] == 1, "what changes nothing is no change"
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert (await owner.put(path, {"lines": [], "version": 1})).json()["total"] == 0


@pytest.mark.parametrize(
    "wrong",
    [sheet(0), sheet(-1), sheet(10**13), {"lines": [{"kind": "bribe", "amount": 1}], "version": 0},
     {"lines": [{"kind": "other", "amount": 1}], "version": 0}, sheet(*[1] * 41), {"lines": []}],
)  # fmt: skip
async def test_costs_that_cannot_be_are_refused(api: Caller, wrong: dict[str, Any]) -> None:
    owner = await southside(api)
    path = f"listings/{(await made(owner))['id']}/costs"

    assert (await owner.put(path, wrong)).status_code in (400, 422)
    assert (await owner.get(path)).json()["version"] == 0


async def test_finance_writes_costs_and_another_dealer_finds_none(api: Caller) -> None:
    owner = await southside(api)
    path = f"listings/{(await published(owner))['id']}/costs"
    _id, finance = await member(api, owner, "Fin Khan", "finance")
    northside = await org_of(api, "northside", "ana@northside.pk")

    assert (await finance.put(path, sheet(TOLD))).status_code == 200
    for answer in (await northside.get(path), await northside.put(path, sheet(1))):
        assert (answer.status_code, answer.json()["code"]) == (404, "listing_gone")


async def test_no_road_leads_sales_or_onlookers_to_a_cost(api: Caller) -> None:
    """Every GET there is, as each role that must not know."""
    owner = await southside(api)
    listing = await published(owner)
    path = f"listings/{listing['id']}/costs"
    assert (await owner.put(path, sheet(TOLD))).status_code == 200
    asked, seen = 0, list[str]()
    for name, role in (("Mo", "sales"), ("Ops", "ops"), ("Rea", "readonly")):
        _id, caller = await member(api, owner, f"{name} Khan", role)
        for answer in (await caller.get(path), await caller.put(path, sheet(1, version=1))):
            assert answer.status_code == 403
        for address in addresses(api, listing):
            answer = await caller.get(address)
            asked += answer.status_code == 200
            seen += [f"{role} {address}"] if SECRET.search(answer.text) else []

    assert seen == []
    assert asked > 60
    assert SECRET.search((await owner.get(path)).text)


def addresses(api: Caller, listing: dict[str, Any]) -> list[str]:
    found = []
    for route in api.app.routes:
        if isinstance(route, HTTPRoute) and "GET" in route.route_handler_map:
            entry = route.route_handler_map["GET"]
            handler = entry[0] if isinstance(entry, tuple) else entry
            if security.access_of(handler).kind in ("org", "public", "person"):
                named = route.path.replace("{listing_id:uuid}", listing["id"]).replace("{address:str}", "100001")
                if "{" not in named:
                    found.append(named)
    return found
