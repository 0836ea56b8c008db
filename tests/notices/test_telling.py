"""Who is told of what, once; at night what can wait waits, and what is dealt with by the morning is not said."""

from sqlalchemy import text

from app.adapters.mail import MemoryMailer
from app.adapters.messages import MemoryMessenger
from app.core import clock, db
from app.leads.service import attend, lapse
from app.notices import rules
from jobs.housekeeping import prune_notices
from tests.leads.conftest import Stage
from tests.notices.conftest import NIGHT, OPENING, Late


def mailed(outbox: MemoryMailer, words: str) -> list[str]:
    return sorted(mail.to for mail in outbox.sent() if mail.subject.startswith(words))


async def run_again(stage: Stage) -> None:
    """As after a crash: everything is promised once more, under the keys it had."""
    async with db.system() as session:
        await session.execute(
            text("update job set done_at = null, run_at = clock_timestamp(), lease_until = null, attempt = attempt + 1")
        )


async def test_a_breach_reaches_who_has_the_lead_and_the_heads_each_once(late: Late, outbox: MemoryMailer) -> None:
    lead = await late.lead(to="sales1")
    await late.told()
    await late.comes(lead, "breached")
    await late.told()
    before = outbox.sent()
    await run_again(late.stage)
    await late.told()

    for name in ("sales1", "manager", "owner"):
        assert (await late.kinds(name)).count("sla_breached") == 1, name
    for name in ("sales2", "sales3", "readonly", "indus-owner"):
        assert "sla_breached" not in await late.kinds(name), name
    assert mailed(outbox, "Deadline missed") == ["manager@ravi.pk", "owner@ravi.pk", "sales1@ravi.pk"]
    assert len(outbox.sent()) == len(before)
    assert "Ali" not in str(await late.rows("manager"))


async def test_a_warning_reaches_who_has_the_lead_and_no_head(late: Late, outbox: MemoryMailer) -> None:
    lead = await late.lead(to="sales1")
    await late.comes(lead, "warned")
    await late.told()

    assert "sla_warned" in await late.kinds("sales1")
    assert "sla_warned" not in await late.kinds("manager") + await late.kinds("owner") + await late.kinds("sales2")
    assert mailed(outbox, "Answer due soon") == ["sales1@ravi.pk"]


async def test_a_warning_of_nobodys_lead_reaches_the_branchs_sales_staff(late: Late, outbox: MemoryMailer) -> None:
    await late.comes(await late.lead(), "warned")
    await late.told()

    assert mailed(outbox, "Answer due soon") == ["sales1@ravi.pk", "sales2@ravi.pk"]


async def test_a_warning_that_comes_too_late_is_not_sent(late: Late, outbox: MemoryMailer) -> None:
    """The worker was away: the deadline has passed, or somebody has answered."""
    missed, answered = await late.lead(to="sales1"), await late.lead(to="sales1")
    await late.comes(missed, "breached")
    await late.comes(answered, "warned")
    await late.answered(answered)
    await late.told()

    assert "sla_warned" not in await late.kinds("sales1")
    assert mailed(outbox, "Answer due soon") == []
    assert mailed(outbox, "Deadline missed") == ["manager@ravi.pk", "owner@ravi.pk", "sales1@ravi.pk"]


async def test_at_night_an_alert_waits_for_opening(late: Late, outbox: MemoryMailer) -> None:
    lead = await late.lead(to="sales1")
    await late.told()
    await late.comes(lead, "breached")
    await late.told(NIGHT)
    row = (await late.rows("sales1"))[0]

    assert mailed(outbox, "Deadline missed") == []
    assert (row["kind"], row["waits"], row["unread"]) == ("sla_breached", True, False)
    assert row["show_at"] == OPENING.isoformat().replace("+00:00", "Z")
    assert (await late.stage.callers["manager"].get("notices")).json()["unread"] == 0

    await late.opens()

    assert mailed(outbox, "Deadline missed") == ["manager@ravi.pk", "owner@ravi.pk", "sales1@ravi.pk"]
    assert (await late.rows("sales1"))[0]["unread"]
    assert (await late.stage.callers["manager"].get("notices")).json()["unread"] == 1


async def test_what_is_urgent_goes_at_night(late: Late, outbox: MemoryMailer) -> None:
    await late.comes(await late.lead(to="sales1"), "breached", urgent=True)
    await late.told(NIGHT)

    assert mailed(outbox, "Deadline missed") == ["manager@ravi.pk", "owner@ravi.pk", "sales1@ravi.pk"]


async def test_who_wants_to_know_at_night_is_told_at_night(late: Late, outbox: MemoryMailer) -> None:
    answer = await late.stage.callers["manager"]("PUT", "notices/choices", {"quiet": False})
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told(NIGHT)

    assert answer.json()["quiet"] is False
    assert mailed(outbox, "Deadline missed") == ["manager@ravi.pk"]


async def test_what_was_answered_before_opening_is_dropped_and_says_so(late: Late, outbox: MemoryMailer) -> None:
    lead = await late.lead(to="sales1")
    await late.comes(lead, "breached")
    await late.told(NIGHT)
    await late.answered(lead)
    await late.opens()
    rows = [row for row in await late.rows("manager") if row["kind"] == "sla_breached"]

    assert mailed(outbox, "Deadline missed") == []
    assert [(row["dropped_as"], row["unread"]) for row in rows] == [("answered", False)]
    assert [(way["status"], way["reason"]) for way in rows[0]["deliveries"]] == [("off", "answered")]  # type: ignore[attr-defined]


async def test_a_warning_of_the_night_is_dropped_for_those_whose_lead_it_is_no_longer(late: Late) -> None:
    lead = await late.lead()
    await late.comes(lead, "warned")
    await late.told(NIGHT)
    assert (await late.stage.callers["sales2"].post(f"leads/{lead}/claim")).status_code == 200
    await late.opens()

    assert [row["dropped_as"] for row in await late.rows("sales1")] == ["taken"]
    assert [row["dropped_as"] for row in await late.rows("sales2")] == [None]


async def test_a_lead_from_a_colleague_is_told_and_one_taken_oneself_is_not(late: Late, outbox: MemoryMailer) -> None:
    given = await late.lead(to="sales1")
    taken = str(await late.lead())
    assert (await late.stage.callers["sales2"].post(f"leads/{taken}/claim")).status_code == 200
    manager = late.stage.callers["manager"]
    own = {"assignee_id": str(late.stage.people["manager"])}
    assert (await manager.patch(f"leads/{given}/assign", own)).status_code == 200
    back = {"assignee_id": str(late.stage.people["sales1"])}
    assert (await manager.patch(f"leads/{given}/assign", back)).status_code == 200
    await late.told()

    rows = await late.rows("sales1")
    assert {row["kind"] for row in rows} == {"lead_assigned"}
    assert rows[0]["actor_name"] == "Manager"
    assert await late.kinds("sales2") == await late.kinds("manager") == []
    assert set(mailed(outbox, "A lead for you")) == {"sales1@ravi.pk"}


async def test_who_loses_a_lead_by_another_hand_hears_why_at_the_desk(late: Late, outbox: MemoryMailer) -> None:
    manager, sales1 = late.stage.callers["manager"], late.stage.callers["sales1"]
    dealt = {"turns": True, "capacity": 9}
    assert (await manager.put(f"lead-rounds/{late.stage.branches['lahore']}", dealt)).status_code == 200
    handed, moved, own, away = [await late.lead(to="sales1") for _ in range(4)]
    await manager.patch(f"leads/{handed}/assign", {"assignee_id": str(late.stage.people["sales2"])})
    await manager.patch(f"leads/{moved}/branch", {"branch_id": str(late.stage.branches["gujranwala"])})
    await sales1.patch(f"leads/{own}/assign", {"assignee_id": None})
    async with db.unit(late.stage.scope()) as session:
        await attend(session, [late.stage.people["sales1"]])
        await lapse(session, late.stage.people["sales1"])
    await late.told()
    taken = {row["lead_id"]: row for row in await late.rows("sales1") if row["kind"] == "lead_taken"}

    assert {lead: (row["says"], row["actor_name"], row["url"]) for lead, row in taken.items()} == {
        str(handed): (rules.HANDED, "Manager", f"/desk/inbox/{handed}"),
        str(moved): (rules.MOVED, "Manager", "/desk/inbox"),
        str(away): (rules.AWAY, None, f"/desk/inbox/{away}"),
    }
    assert mailed(outbox, "A lead is no longer yours") == []


async def test_who_does_not_want_mail_gets_none_and_still_hears_at_the_desk(late: Late, outbox: MemoryMailer) -> None:
    off = {"choices": [{"kind": "sla_breached", "channel": "mail", "on": False}]}
    assert (await late.stage.callers["manager"]("PUT", "notices/choices", off)).status_code == 200
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told()

    assert mailed(outbox, "Deadline missed") == ["owner@ravi.pk", "sales1@ravi.pk"]
    assert [row["deliveries"] for row in await late.rows("manager")] == [[]]


async def test_who_does_not_want_word_of_new_leads_gets_none(late: Late, outbox: MemoryMailer) -> None:
    off = {"choices": [{"kind": "lead_new", "channel": "mail", "on": False}]}
    assert (await late.stage.callers["sales1"]("PUT", "notices/choices", off)).status_code == 200
    await late.stage.enquiry()
    await late.told()

    assert mailed(outbox, "New lead") == ["sales2@ravi.pk"]


async def test_a_message_goes_to_a_phone_only_when_switched_on(
    late: Late, outbox: MemoryMailer, phone: MemoryMessenger
) -> None:
    for name, number in (("sales1", "0301 5550001"), ("manager", "0301 5550002")):
        assert (await late.stage.callers[name].patch("me", {"phone": number})).status_code == 200
    on = [{"kind": "sla_breached", "channel": way, "on": True} for way in ("sms", "whatsapp")]
    for name in ("manager", "owner"):  # the owner has told no number
        assert (await late.stage.callers[name]("PUT", "notices/choices", {"choices": on})).status_code == 200
    lead = await late.lead(to="sales1")
    await late.told()
    await late.comes(lead, "breached")
    await late.told()

    assert sorted((one.channel, one.to) for one in phone.sent()) == [
        ("sms", "+923015550002"), ("whatsapp", "+923015550002"),
    ]  # fmt: skip
    assert all("/desk/notices/" in one.body for one in phone.sent())


async def test_after_ninety_days_it_is_forgotten(late: Late) -> None:
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told()
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told()
    kept = len(await late.rows("owner"))
    async with db.unit(late.stage.scope()) as session:
        await session.execute(
            text("update notice set created_at = now() - interval '91 days' where lead_id = :lead"),
            {"lead": (await late.rows("owner"))[-1]["lead_id"]},
        )
    async with db.system() as session:
        await prune_notices(session, clock.now())

    assert (kept, len(await late.rows("owner"))) == (2, 1)
