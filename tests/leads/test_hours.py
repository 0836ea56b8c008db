"""Opening hours, special days and rules of answer times over JSON, and what changed hours do to open leads."""

from typing import Any

from app.core import clock, dates
from app.core.jobs_ledger import burst
from tests.leads.conftest import Stage
from tests.support.api import Caller

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = dict.fromkeys(DAYS, "00:00-24:00")


def later_this_week() -> dict[str, str]:
    """Closed today and tomorrow, whatever day it is."""
    today = clock.now().astimezone(dates.ZONE).weekday()
    return {day: "" if number in (today, (today + 1) % 7) else "10:00-20:00" for number, day in enumerate(DAYS)}


async def put_hours(caller: Caller, body: dict[str, Any], **more: Any) -> Any:
    return await caller("PUT", "sla/hours", body, **more)


async def test_a_branch_keeps_the_org_s_week_until_it_has_its_own(stage: Stage) -> None:
    manager, branch = stage.callers["manager"], str(stage.branches["lahore"])
    standard = (await manager.get(f"sla/branches/{branch}/hours")).json()
    org = await put_hours(manager, {**ALWAYS, "version": 0})
    followed = (await manager.get(f"sla/branches/{branch}/hours")).json()
    own = await put_hours(manager, {"mon": "10:00-13:00 13:00-20:00", "branch_id": branch})
    twice = await put_hours(manager, {"mon": "10:00-21:00", "branch_id": branch, "version": 0})
    gone = await manager.delete(f"sla/branches/{branch}/hours", params={"version": 1})
    again = (await manager.get(f"sla/branches/{branch}/hours")).json()

    assert standard["week"]["fri"] == "10:00-13:00 14:30-20:00"
    assert (standard["own"], standard["version"]) == (False, 0)
    assert org.status_code == 200, org.text
    assert followed["week"] == ALWAYS
    assert (own.json()["own"], own.json()["week"]["mon"], own.json()["week"]["tue"]) == (True, "10:00-20:00", "")
    assert (twice.status_code, twice.json()["version"]) == (412, 1)
    assert gone.status_code == 204
    assert again == followed
    assert (await manager.get(f"sla/branches/{branch}/state")).json()["kind"] == "open"


async def test_hours_nobody_can_keep_are_refused_at_their_day_in_both_languages(stage: Stage) -> None:
    manager = stage.callers["manager"]
    body = {"mon": "10:00-20:00", "fri": "10:00-13:00 12:30-20:00"}
    english = (await put_hours(manager, body)).json()
    empty = await put_hours(manager, {})
    await manager.patch("me", {"lang": "ur"})
    urdu = (await put_hours(manager, body)).json()

    assert english["errors"] == [{"field": "fri", "message": "12:30-20:00 overlaps 10:00-13:00."}]
    assert [error["field"] for error in urdu["errors"]] == ["fri"]
    assert "12:30-20:00" in urdu["errors"][0]["message"]
    assert "overlaps" not in urdu["errors"][0]["message"]
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "mon")


async def test_the_preview_names_what_applying_then_moves_and_where_to(stage: Stage) -> None:
    manager = stage.callers["manager"]
    await put_hours(manager, ALWAYS)
    lahore, gujranwala = await stage.enquiry(), await stage.enquiry("civic", phone="03331234567")
    change = {**later_this_week(), "branch_id": str(stage.branches["lahore"])}
    foreseen = (await manager.post("sla/preview", {"hours": change})).json()
    untouched = (await manager.get(f"leads/{lahore['id']}")).json()
    applied = await put_hours(manager, change)
    await burst()
    lead = (await manager.get(f"leads/{lahore['id']}")).json()
    timeline = (await manager.get(f"leads/{lahore['id']}/timeline")).json()
    moved = [entry for entry in timeline if entry["kind"] == "deadline_moved"]

    assert [(one["lead_id"], one["kind"]) for one in foreseen] == [(lahore["id"], "first_response")]
    assert foreseen[0]["before"] == untouched["due_at"]
    assert applied.status_code == 200, applied.text
    assert lead["due_at"] == foreseen[0]["after"] != foreseen[0]["before"]
    assert [(entry["data"]["kind"], entry["data"]["due_at"]) for entry in moved] == [
        ("first_response", foreseen[0]["after"])
    ]
    assert (await manager.get(f"leads/{gujranwala['id']}")).json()["due_at"] is not None
    assert (await manager.post("sla/preview", {"hours": change})).json() == []


async def test_who_works_at_one_branch_is_told_of_its_leads_only(stage: Stage) -> None:
    manager, owner = stage.callers["manager"], stage.callers["owner"]
    await put_hours(owner, ALWAYS)
    lahore, gujranwala = await stage.enquiry(), await stage.enquiry("civic", phone="03331234567")
    everything = (await manager.post("sla/preview", {"hours": later_this_week()})).json()
    branch = str(stage.branches["lahore"])
    bound = await owner.patch(f"users/{stage.people['manager']}", {"branch_id": branch})
    fresh = await stage.api.sign_in("manager@ravi.pk")
    own = (await fresh.post("sla/preview", {"hours": later_this_week()})).json()

    assert bound.status_code == 200, bound.text
    assert {one["lead_id"] for one in everything} == {lahore["id"], gujranwala["id"]}
    assert [one["lead_id"] for one in own] == [lahore["id"]]


async def test_days_that_come_change_and_go_are_foreseen_too(stage: Stage) -> None:
    manager = stage.callers["manager"]
    await put_hours(manager, ALWAYS)
    lead = await stage.enquiry()
    today = clock.now().astimezone(dates.ZONE).date()
    closure = {"kind": "closure", "name": "Stocktaking", "first": str(today), "last": str(today)}
    foreseen = (await manager.post("sla/preview", {"days": closure})).json()
    made = (await manager.post("sla/special-days", closure)).json()
    await burst()
    due = (await manager.get(f"leads/{lead['id']}")).json()["due_at"]
    back = (await manager.post("sla/preview", {"days_id": made["id"]})).json()
    longer = {**closure, "last": str(today.replace(year=today.year + 1)), "version": 1}
    changed = (await manager.post("sla/preview", {"days": longer, "days_id": made["id"]})).json()
    stale = await manager.patch(f"sla/special-days/{made['id']}", {**closure, "name": "Other", "version": 7})
    renamed = await manager.patch(f"sla/special-days/{made['id']}", {**closure, "name": "Other", "version": 1})
    gone = await manager.delete(f"sla/special-days/{made['id']}", params={"version": 2})
    await burst()

    assert [one["after"] for one in foreseen] == [due]
    assert back[0]["after"] == foreseen[0]["before"]
    assert changed[0]["after"] > due
    assert (stale.status_code, renamed.json()["version"], gone.status_code) == (412, 2, 204)
    assert (await manager.get(f"leads/{lead['id']}")).json()["due_at"] == foreseen[0]["before"]
    assert (await manager.post("sla/preview", {})).status_code == 422


async def test_suggestions_are_answered_once(stage: Stage) -> None:
    manager = stage.callers["manager"]
    found = (await manager.get("sla/suggestions")).json()
    ramadan = next(one for one in found if one["kind"] == "override")
    eid = next(one for one in found if one["name_en"] == "Eid-ul-Fitr")
    day_later = eid["last"]
    accepted = (await manager.post(f"sla/suggestions/{ramadan['key']}/accept", {})).json()
    closed = (await manager.post(f"sla/suggestions/{eid['key']}/accept", {"first": day_later})).json()
    twice = await manager.post(f"sla/suggestions/{eid['key']}/accept", {})
    dismissed = await manager.post(f"sla/suggestions/{found[0]['key']}/dismiss", {})
    left = {one["key"] for one in (await manager.get("sla/suggestions")).json()}

    assert (accepted["kind"], accepted["week"]["mon"]) == ("timetable", "10:00-16:00 21:00-23:30")
    assert accepted["week"]["fri"] == "10:00-12:30 21:00-23:30"
    assert (closed["kind"], closed["first"], closed["holiday"]) == ("closure", day_later, eid["key"])
    assert twice.status_code == 404
    assert dismissed.status_code == 204
    assert left == {one["key"] for one in found} - {ramadan["key"], eid["key"], found[0]["key"]}


async def test_rules_are_ordered_and_the_last_one_stays(stage: Stage) -> None:
    manager = stage.callers["manager"]
    standard = (await manager.get("sla/policies")).json()
    body = {"name": "Walk-ins", "conditions": {"sources": ["walk_in"], "price_from": 10_000_000}, "first_response": 5}
    made = (await manager.post("sla/policies", body)).json()
    down = (await manager.post(f"sla/policies/{made['id']}/move", {"steps": 1})).json()
    stale = await manager.patch(f"sla/policies/{made['id']}", {**body, "first_response": 10, "version": 9})
    bad = await manager.patch(f"sla/policies/{made['id']}", {"name": "Nothing"})
    changed = await manager.patch(f"sla/policies/{made['id']}", {**body, "first_response": 10, "version": 1})
    others = down[0]["id"]
    gone = await manager.delete(f"sla/policies/{others}")
    last = await manager.delete(f"sla/policies/{made['id']}")

    assert [row["id"] for row in standard] == [None]
    assert [row["name"] for row in down] == ["Standard", "Walk-ins"]
    assert (stale.status_code, bad.status_code, changed.json()["first_response"]) == (412, 422, 10)
    assert (gone.status_code, last.status_code, last.json()["code"]) == (204, 409, "last_policy")


async def test_whoever_only_works_here_reads_and_changes_nothing(stage: Stage) -> None:
    sales, stranger = stage.callers["sales1"], stage.callers["indus-owner"]
    branch = stage.branches["lahore"]

    assert (await sales.get("sla/hours")).status_code == 200
    assert (await put_hours(sales, ALWAYS)).status_code == 403
    assert (await sales.post("sla/preview", {"hours": ALWAYS})).status_code == 403
    assert (await stranger.get(f"sla/branches/{branch}/hours")).status_code == 404
    assert (await put_hours(stranger, {**ALWAYS, "branch_id": str(branch)})).status_code == 404


async def test_snoozed_leads_come_back_when_their_branch_opens(stage: Stage) -> None:
    manager = stage.callers["manager"]
    await put_hours(manager, {**dict.fromkeys(DAYS, "11:15-20:00"), "branch_id": str(stage.branches["lahore"])})
    first, second = await stage.enquiry(), await stage.enquiry("civic", phone="03331234567")
    one = (await manager.post(f"leads/{first['id']}/snooze", {"choice": "tomorrow"})).json()
    await manager.post("leads/bulk", {"ids": [first["id"], second["id"]], "action": "snooze", "choice": "in_two_days"})
    many = [(await manager.get(f"leads/{lead['id']}")).json()["snoozed_until"] for lead in (first, second)]

    assert one["snoozed_until"].endswith("T06:15:00Z")  # 11:15 in Pakistan
    assert many[0].endswith("T06:15:00Z")
    assert many[1].endswith("T05:00:00Z")
