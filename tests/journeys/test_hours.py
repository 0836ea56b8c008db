"""Opening hours and answer times at the desk, without JavaScript."""

import re
from datetime import timedelta

import pytest

from app.core import clock, dates, db, render
from app.core.base import Scope
from app.core.jobs_ledger import burst
from app.leads import queries as leads
from app.leads.schemas import Filters
from app.orgs import queries as orgs
from app.sla import live, queries
from app.sla.facts import HoursChanged, SlaPolicyChanged
from tests.journeys.conftest import Visitor

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hidden(page: str) -> dict[str, str]:
    """What the form of the preview holds."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.partition('id="moves"')[2])
    return {name: value for name, value in found if name != "_csrf_token"}


def week_later() -> dict[str, str]:
    """Closed today and tomorrow, whatever day it is."""
    today = clock.now().astimezone(dates.ZONE).weekday()
    return {day: "" if number in (today, (today + 1) % 7) else "10:00-20:00" for number, day in enumerate(DAYS)}


async def test_a_week_is_looked_at_before_it_is_applied(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await another.sign_in("owner@ravi.demo")
    form = (await visitor.open("/desk/hours/week?branch=lahore")).text
    await another.open("/desk/hours/week?branch=lahore")
    change = {**week_later(), "branch": "lahore", "version": "0"}
    preview = await visitor.send("/desk/hours/week", **change)
    before = (await visitor.open("/desk/hours?branch=lahore")).text
    applied = await visitor.send("/desk/hours/week", **hidden(preview.text), step="apply")
    after = (await visitor.open("/desk/hours?branch=lahore")).text
    late = await another.send("/desk/hours/week", **change, step="apply")

    assert 'name="fri" ' in form
    assert "10:00-13:00 14:30-20:00" in form
    assert preview.status_code == 200, preview.text
    assert hidden(preview.text) == change
    assert "follows the dealership" in before
    assert applied.status_code == 303
    assert "has hours of its own" in after
    assert late.status_code == 412
    assert "Somebody changed this meanwhile" in late.text
    assert 'name="version" value="1"' in late.text


async def test_the_preview_lists_what_then_moves(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await visitor.open("/desk/hours/week")
    await visitor.send("/desk/hours/week", **dict.fromkeys(DAYS, "00:00-24:00"), branch="", version="0", step="apply")
    await burst()
    branch = re.search(r'<option value="([0-9a-f-]{36})">Lahore', (await visitor.open("/desk/inbox/new")).text)
    assert branch
    made = await visitor.send("/desk/inbox/new", name="Ali Raza", phone="0300 7654321", branch_id=branch[1])
    lead_id = made.headers["location"].rpartition("/")[2]
    preview = (await visitor.send("/desk/hours/week", **week_later(), branch="", version="1")).text
    row = re.search(rf'<a href="/desk/inbox/{lead_id}">.*?</tr>', preview, re.DOTALL)
    await visitor.send("/desk/hours/week", **hidden(preview), step="apply")
    await burst()
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi")), read=True) as session:
        found = await leads.find_leads(session, Filters(view="all", q="Ali Raza"), me=None, within=None, limit=5)
        lead = next(one for one in found.items if str(one.id) == lead_id)

    assert row is not None
    assert "First answer" in row[0]
    assert lead.due_at is not None
    assert lead.due_at > clock.now() + timedelta(hours=20)
    assert dates.show_datetime(lead.due_at, "en", "day") in row[0]


async def test_faults_stand_at_their_day_and_a_day_is_copied_down(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/desk/hours/week")
    week = {**dict.fromkeys(DAYS, ""), "mon": "10:00-20:00", "fri": "20:00-10:00", "branch": "", "version": "0"}
    refused = await visitor.send("/desk/hours/week", **week)
    copied = await visitor.send("/desk/hours/week", **week, step="copy-mon")

    assert refused.status_code == 422
    assert 'id="fri-error"' in refused.text
    assert "20:00-10:00 ends before it begins" in refused.text
    assert copied.text.count('value="10:00-20:00"') == 7


async def test_ramadan_is_accepted_with_its_hours_and_eid_on_another_day(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    page = (await visitor.open("/desk/hours")).text
    key = re.search(r"holiday=(ramadan-[\d-]+)", page)
    eid = re.search(r"suggestions/(eid-ul-fitr-[\d-]+)", page)
    assert key
    assert eid
    form = (await visitor.open(f"/desk/hours/days/new?holiday={key[1]}")).text
    values = {name: re.search(rf'value="([^"]*)" id="{name}"', form) for name in (*DAYS, "name", "first", "last")}
    sent = {name: found[1] for name, found in values.items() if found}
    preview = await visitor.send("/desk/hours/days", **sent, kind="timetable", holiday=key[1], branch="")
    kept = await visitor.send("/desk/hours/days", **hidden(preview.text), step="apply")
    as_is = (await visitor.open(f"/desk/hours/suggestions/{eid[1]}")).text
    closed = await visitor.send("/desk/hours/days", **hidden(as_is), step="apply")
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi")), read=True) as session:
        days = {row.name: row for row in await queries.special_days(session)}

    assert sent["mon"] == "10:00-16:00 21:00-23:30"
    assert sent["fri"] == "10:00-12:30 21:00-23:30"
    assert (kept.status_code, closed.status_code) == (303, 303)
    assert days["Ramadan"].kind == "timetable"
    assert days["Eid-ul-Fitr"].holiday == eid[1]
    assert key[1] not in (await visitor.open("/desk/hours")).text
    row = days["Eid-ul-Fitr"]
    await visitor.open(f"/desk/hours/days/{row.id}/removal")
    assert (await visitor.send(f"/desk/hours/days/{row.id}/removal", version="9")).status_code == 412
    assert (await visitor.send(f"/desk/hours/days/{row.id}/removal", version="1")).status_code == 303


async def test_rules_are_written_moved_tried_and_removed(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    before = (await visitor.open("/desk/sla")).text
    body = {
        "name": "Dear walk-ins", "sources": ["walk_in", "web"], "priorities": "high", "price_from": "1 crore",
        "first_response": "15", "first_response_unit": "minutes", "resolution": "3", "resolution_unit": "hours",
        "next_response": "", "next_response_unit": "minutes", "urgent": "1",
    }  # fmt: skip
    await visitor.open("/desk/sla/new")
    unclear = await visitor.send("/desk/sla", **{**body, "price_from": "42.5"})
    made = await visitor.send("/desk/sla", **body)
    page = (await visitor.open("/desk/sla?source=walk_in&branch=lahore&priority=high&price=1.2+crore")).text
    other = (await visitor.open("/desk/sla?source=phone&branch=&priority=low&price=")).text
    rule = re.search(r'id="rule-([0-9a-f-]{36})"', page)
    assert rule
    moved = await visitor.send(f"/desk/sla/{rule[1]}/place", to="down")
    order = re.findall(r'id="rule-([0-9a-f-]{36})"', (await visitor.open("/desk/sla")).text)
    form = (await visitor.open(f"/desk/sla/{rule[1]}")).text
    saved = await visitor.send(f"/desk/sla/{rule[1]}", **{**body, "name": "Dearest", "version": "1"})
    gone = await visitor.send(f"/desk/sla/{rule[1]}/removal")

    assert "Built in" in before
    assert (unclear.status_code, made.status_code) == (422, 303)
    assert "Say lakh or crore" in unclear.text
    assert re.search(r'name="sources" value="walk_in" checked', unclear.text)
    assert "Walk-in" in page.partition(f'id="rule-{rule[1]}"')[2].partition("</li>")[0]
    assert "from PKR 1 crore" in page
    assert "first answer in 15 min, decision within 3 hours" in page
    assert "Dear walk-ins" in page.partition('class="tried"')[2]
    assert "Standard" in other.partition('class="tried"')[2]
    assert (moved.status_code, order.index(rule[1])) == (303, 1)
    assert 'value="10,000,000"' in form
    assert (saved.status_code, gone.status_code) == (303, 303)


@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_what_is_pushed_is_what_the_screen_fetches(visitor: Visitor, lang: str) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await visitor.open("/desk/hours")
    await visitor.send("/preferences", lang=lang, next="/desk/hours")
    days = {"kind": "closure", "name": "Stocktaking", "first": "2090-01-01", "last": "2090-01-02", "branch": "lahore"}
    await visitor.send("/desk/hours/days", **days, step="apply")
    await visitor.send("/desk/sla", name="Web first", sources="web", first_response="5")
    org = await orgs.org_id_of("ravi")
    assert org is not None
    async with db.unit(Scope(org_id=org), read=True) as session:
        pushes = [
            *await live.hours_changed(session, HoursChanged(org_id=org, id=org)),
            *await live.policy_changed(session, SlaPolicyChanged(org_id=org, id=org)),
        ]
    told = {push.topic: render.fragment(push.fragment or "", lang=lang, **push.context) for push in pushes}
    screens = {
        "hours:org": "/desk/hours/region", "hours:lahore": "/desk/hours/region?branch=lahore",
        "rules:org": "/desk/sla/region",
    }  # fmt: skip
    fetched = {topic: (await visitor.open(path)).text for topic, path in screens.items()}

    assert [topic for topic in screens if told[topic].strip() not in fetched[topic]] == []
    assert "Stocktaking" in told["hours:lahore"]
    assert "Stocktaking" not in told["hours:gujranwala"]
    assert "Web first" in told["rules:org"]


async def test_staff_look_and_change_nothing(visitor: Visitor) -> None:
    await visitor.sign_in("sales1@ravi.demo")
    hours, rules = await visitor.open("/desk/hours"), await visitor.open("/desk/sla")

    assert (hours.status_code, rules.status_code) == (200, 200)
    assert 'id="hours-region" class=""' in hours.text
    assert (await visitor.open("/desk/hours/week")).status_code == 403
    assert (await visitor.send("/desk/hours/week", **week_later(), branch="", version="0")).status_code == 403
    assert (await visitor.open("/desk/hours?branch=karachi-of-others")).status_code == 404
