"""One's own list: what is in it, what is read, what a colleague must not see, and what the screens say."""

import re

import pytest

from app.adapters.mail import MemoryMailer
from app.adapters.messages import MemoryMessenger
from app.core.ids import new_id
from app.notices import rules
from tests.journeys.conftest import Visitor
from tests.notices.conftest import NIGHT, Late
from tests.support.api import PASSWORD, Caller


@pytest.fixture
async def sales1(late: Late) -> Visitor:
    made = Visitor(Caller(late.stage.api.app, late.stage.api.base_url))
    await made.open("/sign-in")
    await made.send("/sign-in", email="sales1@ravi.pk", password=PASSWORD)
    return made


async def test_a_notice_is_read_once_and_is_not_there_for_a_colleague(late: Late) -> None:
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told()
    mine = next(row for row in await late.rows("sales1") if row["kind"] == "sla_breached")
    stage = late.stage
    for name in ("sales2", "manager", "owner", "indus-owner"):
        assert (await stage.callers[name].post(f"notices/{mine['id']}/read")).status_code == 404
    before = (await stage.callers["sales1"].get("notices")).json()["unread"]
    read = (await stage.callers["sales1"].post(f"notices/{mine['id']}/read")).json()
    again = (await stage.callers["sales1"].post(f"notices/{mine['id']}/read")).json()

    assert read["read_at"] == again["read_at"] is not None
    assert (await stage.callers["sales1"].get("notices")).json()["unread"] == before - 1
    assert (await stage.callers["sales1"].post("notices/read")).status_code == 204
    assert (await stage.callers["sales1"].get("notices")).json()["unread"] == 0
    assert (await stage.callers["manager"].get("notices")).json()["unread"] == 1
    assert (await stage.callers["sales1"].post(f"notices/{new_id()}/read")).status_code == 404


async def test_what_was_read_while_it_waited_does_not_ring_in_the_morning(late: Late, outbox: MemoryMailer) -> None:
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told(NIGHT)
    mine = (await late.rows("sales1"))[0]
    assert (await late.stage.callers["sales1"].post(f"notices/{mine['id']}/read")).status_code == 200
    await late.opens()

    assert next(row["dropped_as"] for row in await late.rows("sales1") if row["id"] == mine["id"]) == "read"
    assert not [one for one in outbox.sent() if one.to == "sales1@ravi.pk" and "missed" in one.subject]


async def test_the_list_goes_on_page_by_page(late: Late) -> None:
    for _ in range(3):
        await late.comes(await late.lead(to="sales1"), "breached")
    await late.told()
    owner, seen, cursor = late.stage.callers["owner"], [], ""
    for _ in range(3):
        page = (await owner.get("notices", params={"limit": 1, "cursor": cursor} if cursor else {"limit": 1})).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]

    assert len(set(seen)) == 3
    assert cursor is None
    assert seen == [row["id"] for row in await late.rows("owner")]


async def test_nobody_can_choose_a_way_that_is_not_offered(late: Late) -> None:
    wanted = {"choices": [{"kind": "lead_new", "channel": "sms", "on": True}]}
    answer = await late.stage.callers["sales1"]("PUT", "notices/choices", wanted)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lead_new.sms"


async def test_the_screens_tell_what_went_out_what_waits_and_why_not(
    late: Late, sales1: Visitor, outbox: MemoryMailer
) -> None:
    lead = await late.lead(to="sales1")
    await late.told()
    await late.comes(lead, "breached")
    await late.told(NIGHT)

    assert "Waits for opening," in (await sales1.open("/desk/notices")).text
    assert "2 Dec, 10:00" in sales1.page
    assert "mailed" in sales1.page

    await late.answered(lead)
    await late.opens()

    assert "Not sent: answered meanwhile" in (await sales1.open("/desk/notices")).text
    assert "Corolla" not in sales1.page  # a walk-in who asked about no car
    assert (await sales1.open("/desk/notices/bell")).text.count("1 unread") == 1

    given = next(row for row in await late.rows("sales1") if row["kind"] == "lead_assigned")
    answer = await sales1.http.get(f"/desk/notices/{given['id']}")
    assert answer.headers["location"] == f"/desk/inbox/{lead}"
    assert "unread" not in (await sales1.open("/desk/notices/bell")).text


async def test_whoever_does_not_work_on_leads_can_try_it_out_too(late: Late, outbox: MemoryMailer) -> None:
    readonly = Visitor(Caller(late.stage.api.app, late.stage.api.base_url))
    await readonly.open("/sign-in")
    await readonly.send("/sign-in", email="readonly@ravi.pk", password=PASSWORD)
    await readonly.open("/desk/notices/choices")
    await readonly.send("/desk/notices/test")
    await late.told()

    assert [one.to for one in outbox.sent()] == ["readonly@ravi.pk"]


async def test_each_alert_is_tried_alone_by_each_way_whatever_is_chosen(
    late: Late, sales1: Visitor, outbox: MemoryMailer, phone: MemoryMessenger
) -> None:
    await sales1.open("/me")
    await sales1.send("/me", name="Sales1", phone="03001234567", lang="en")
    page = (await sales1.open("/desk/notices/choices")).text
    ways = re.findall(r'form="try" name="way" value="([a-z_.]+)"', page)
    await sales1.send("/desk/notices/choices")  # nothing is wanted any more
    for way in ways:
        assert (await sales1.send("/desk/notices/test", way=way)).status_code == 303
    refused = await sales1.send("/desk/notices/test", way="feed_stopped.sms")
    await late.told(NIGHT)

    offered = sum(len(channels) for channels in rules.OFFERED.values())
    assert len(ways) == len(set(ways)) == offered + len(rules.OFFERED)
    assert len(outbox.sent()) == sum(rules.MAIL in channels for channels in rules.OFFERED.values())
    assert len(phone.sent()) == offered - len(outbox.sent())
    assert "Test alert: You are named in a note" in {one.subject for one in outbox.sent()}
    assert refused.status_code == 422
    assert len(await late.rows("sales1")) == len(ways)


async def test_choices_are_kept_as_they_were_ticked(late: Late, sales1: Visitor, outbox: MemoryMailer) -> None:
    page = (await sales1.open("/desk/notices/choices")).text
    assert 'name="sla_breached.mail" value="1" aria-label="A deadline was missed: E-mail" checked' in page
    assert re.search(r'name="sla_breached\.sms"[^>]* disabled', page)
    await sales1.send("/desk/notices/choices", **{"sla_warned.mail": "1"})
    kept = (await late.stage.callers["sales1"].get("notices/choices")).json()

    assert kept["quiet"] is False
    assert [(one["kind"], one["channel"]) for one in kept["choices"] if one["on"]] == [("sla_warned", "mail")]

    await sales1.open("/desk/notices/choices")
    await sales1.send("/desk/notices/test")
    await late.told(NIGHT)
    assert [(one.to, one.subject) for one in outbox.sent()] == [("sales1@ravi.pk", "Test alert")]
    assert "Test alert" in (await sales1.open("/desk/notices")).text
    await sales1.send("/desk/notices/read")
    assert "Unread" not in (await sales1.open("/desk/notices")).text
