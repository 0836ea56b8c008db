"""A lead's whole life over the API: how it comes in, who takes it, what is said, how it ends."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from httpx import Response
from sqlalchemy import text as db_text

from app.core import db, jobs_ledger
from app.core.ids import new_id
from tests.leads.conftest import Stage


async def test_an_enquiry_from_outside_is_a_lead_of_the_listing_s_branch(stage: Stage) -> None:
    receipt = await stage.enquiry()
    lead = (await stage.callers["sales1"].get(f"leads/{receipt['id']}")).json()

    assert set(receipt) == {"id", "ref", "listing_id", "opened_at", "repeated"}
    assert (lead["branch"], lead["status"], lead["assignee_id"], lead["source"]) == ("lahore", "new", None, "web")
    assert (lead["name"], lead["phone"]) == ("Ali Raza", "+923001234567")
    assert (lead["price_at_open"], lead["car"]["asking_price"], lead["excerpt"]) == (4850000, 4850000, "Still there?")


async def test_the_same_person_asking_again_about_the_same_car_joins_the_open_lead(stage: Stage) -> None:
    first = await stage.enquiry(phone="0300-1234567", message="Is it there?")
    again = await stage.enquiry(phone="+92 300 1234567", message="Hello?")
    other_car = await stage.enquiry(car="civic", phone="03001234567")
    entries = (await stage.callers["sales1"].get(f"leads/{first['id']}/timeline")).json()
    page = (await stage.callers["manager"].get(f"leads/{first['id']}/page")).json()

    assert (again["id"], again["repeated"]) == (first["id"], True)
    assert other_car["id"] != first["id"]
    assert [entry["body"] for entry in entries] == ["Is it there?", "Hello?"]
    assert [other["id"] for other in page["others"]] == [other_car["id"]]
    assert page["lead"]["enquiries"] == 2


async def test_twenty_enquiries_at_once_of_one_person_are_one_lead(stage: Stage) -> None:
    receipts = await asyncio.gather(*(stage.enquiry(message=f"word {n}") for n in range(20)))
    entries = (await stage.callers["sales1"].get(f"leads/{receipts[0]['id']}/timeline")).json()

    assert len({receipt["id"] for receipt in receipts}) == 1
    assert sum(not receipt["repeated"] for receipt in receipts) == 1
    assert sorted(entry["body"] for entry in entries) == sorted(f"word {n}" for n in range(20))


async def test_twenty_posts_with_one_idempotency_key_are_one_lead_and_one_entry(stage: Stage) -> None:
    stranger = stage.api.stranger()
    body = {"listing_id": str(stage.cars["corolla"]), "name": "Sana", "phone": "03111234567", "message": "Once"}

    async def post() -> tuple[int, dict[str, object]]:
        while True:
            answer = await stranger.post("leads", body, headers={"Idempotency-Key": "k-1"})
            if answer.status_code != 409:  # a twin is being handled: try again, as a browser would
                return answer.status_code, answer.json()
            await asyncio.sleep(0.02)

    answers = await asyncio.gather(*(post() for _ in range(20)))
    lead_id = answers[0][1]["id"]
    entries = (await stage.callers["sales1"].get(f"leads/{lead_id}/timeline")).json()

    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert {answer["id"] for _, answer in answers} == {lead_id}
    assert len(entries) == 1


async def test_of_twenty_claims_at_once_one_wins_and_nineteen_are_told_who(stage: Stage) -> None:
    lead_id = (await stage.enquiry())["id"]
    claimers = [stage.callers[("sales1", "sales2", "manager", "owner")[n % 4]] for n in range(20)]
    answers = await asyncio.gather(*(caller.post(f"leads/{lead_id}/claim") for caller in claimers))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    later = await stage.callers["sales1"].post(f"leads/{lead_id}/claim")

    assert (len(won), len(lost)) == (1, 19)
    assert {(told["code"], told["assignee_id"]) for told in lost} == {("already_assigned", won[0]["assignee_id"])}
    assert {told["assignee_name"] for told in lost} == {won[0]["assignee_name"]}
    assert later.json()["assignee_id"] == won[0]["assignee_id"]


async def test_a_lead_s_life_from_new_to_won(stage: Stage, phone) -> None:
    lead_id = (await stage.enquiry())["id"]
    sales, manager = stage.callers["sales1"], stage.callers["manager"]
    assigned = await manager.patch(f"leads/{lead_id}/assign", {"assignee_id": str(stage.people["sales1"])})
    reply = await sales.post(f"leads/{lead_id}/replies", {"body": "Yes. When?", "channel": "whatsapp"})
    await jobs_ledger.burst()
    entry = (await sales.get(f"leads/{lead_id}/timeline")).json()[-2]
    contacted = (await sales.get(f"leads/{lead_id}")).json()
    won = await sales.patch(f"leads/{lead_id}/status", {"status": "won"})
    kinds = [row["kind"] for row in (await sales.get(f"leads/{lead_id}/timeline")).json()]

    assert assigned.json()["assignee_id"] == str(stage.people["sales1"])
    assert reply.status_code == 201
    assert [(sent.to, sent.body) for sent in phone.sent()] == [("+923001234567", "Yes. When?")]
    assert (entry["kind"], entry["delivery"]) == ("reply", "sent")
    assert (contacted["status"], contacted["excerpt_ours"], contacted["waiting"]) == ("contacted", True, False)
    assert contacted["first_replied_at"]
    assert (won.json()["status"], bool(won.json()["closed_at"])) == ("won", True)
    assert kinds == ["enquiry", "assigned", "reply", "status", "status"]


async def test_lost_needs_a_reason_and_states_go_only_where_they_may(stage: Stage) -> None:
    lead_id, sales = (await stage.enquiry())["id"], stage.callers["sales1"]
    bare = await sales.patch(f"leads/{lead_id}/status", {"status": "lost"})
    lost = await sales.patch(f"leads/{lead_id}/status", {"status": "lost", "reason": "price"})
    back = await sales.patch(f"leads/{lead_id}/status", {"status": "test_drive"})
    unknown = await sales.patch(f"leads/{lead_id}/status", {"status": "done"})
    reopened = await sales.patch(f"leads/{lead_id}/status", {"status": "contacted"})

    assert (bare.status_code, bare.json()["errors"][0]["field"]) == (422, "reason")
    assert lost.json()["lost_reason"] == "price"
    assert (back.status_code, back.json()["code"], back.json()["allowed"]) == (
        409, "transition_not_allowed", ["contacted", "spam"],
    )  # fmt: skip
    assert unknown.status_code in (400, 422)
    assert (reopened.json()["status"], reopened.json()["lost_reason"]) == ("contacted", None)


async def test_who_saves_over_a_colleague_s_change_is_told(stage: Stage) -> None:
    lead_id = (await stage.enquiry())["id"]
    mine, theirs = stage.callers["sales1"], stage.callers["sales2"]
    version = (await mine.get(f"leads/{lead_id}")).json()["version"]
    await theirs.patch(f"leads/{lead_id}/status", {"status": "qualified", "version": version})
    late = await mine.patch(f"leads/{lead_id}/status", {"status": "won", "version": version})

    assert (late.status_code, late.json()["code"], late.json()["version"]) == (412, "changed_meanwhile", version + 1)


@pytest.mark.parametrize("digits", ["4567", "34567", "۲۳۴۵۶۷", "1234567", "01234567", "3001234567", "0300-1234567"])
async def test_the_last_digits_of_a_phone_find_the_buyer_alone(stage: Stage, digits: str) -> None:
    lead_id = (await stage.enquiry(phone="0300 1234567"))["id"]
    await stage.enquiry(phone="0300 9994567")
    found = (await stage.callers["sales1"].get(f"leads?q={digits}")).json()["items"]

    assert [one["id"] for one in found][-1:] == [lead_id]
    assert len(found) == (2 if digits == "4567" else 1)


async def test_a_second_answer_is_asked_about_once(stage: Stage, phone) -> None:
    lead_id = (await stage.enquiry())["id"]
    mine, theirs = stage.callers["sales1"], stage.callers["sales2"]
    seen = (await mine.get(f"leads/{lead_id}/timeline")).json()[-1]["id"]
    await theirs.post(f"leads/{lead_id}/replies", {"body": "Yes", "channel": "sms", "after": seen})
    body = {"body": "It is", "channel": "sms", "after": seen}
    asked = await mine.post(f"leads/{lead_id}/replies", body)
    sent = await mine.post(f"leads/{lead_id}/replies", {**body, "anyway": True})
    more = {**body, "after": sent.json()["id"]}
    beside = await mine.post(f"leads/{lead_id}/replies", {**more, "beside": str(stage.people["sales2"])})
    nobody = await mine.post(f"leads/{lead_id}/replies", {**more, "beside": str(stage.people["indus-owner"])})

    assert (asked.status_code, asked.json()["code"], asked.json()["by"]) == (409, "answered_meanwhile", "Sales2")
    assert (sent.status_code, sent.json()["data"]) == (201, {"parts": 1, "anyway": True})
    assert (beside.json()["data"], beside.json()["subject_name"]) == ({"parts": 1, "beside": True}, "Sales2")
    assert (nobody.json()["data"], nobody.json()["subject_name"]) == ({"parts": 1}, None)


async def test_a_buyer_is_only_written_to_where_they_can_be_reached(stage: Stage, outbox) -> None:
    lead_id = (await stage.enquiry(phone="042-35761234", email=None))["id"]
    sales = stage.callers["sales1"]
    refused = [
        await sales.post(f"leads/{lead_id}/replies", {"body": "Hello", "channel": channel})
        for channel in ("whatsapp", "sms", "email")
    ]
    await sales.patch(f"leads/{lead_id}", {"email": "ali@example.pk"})
    mailed = await sales.post(f"leads/{lead_id}/replies", {"body": "Hello", "channel": "email"})
    await jobs_ledger.burst()

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(422, "channel_unavailable")] * 3
    assert mailed.status_code == 201
    assert [sent.to for sent in outbox.sent() if "Hello" in sent.text] == ["ali@example.pk"]


async def test_a_variable_left_in_a_reply_blocks_it(stage: Stage) -> None:
    lead_id = (await stage.enquiry())["id"]
    answer = await stage.callers["sales1"].post(
        f"leads/{lead_id}/replies", {"body": "It costs {price}", "channel": "sms"}
    )

    assert (answer.status_code, answer.json()["unfilled"]) == (422, ["price"])


async def test_a_branch_s_people_see_their_branch_and_heads_see_all(stage: Stage) -> None:
    here, there = (await stage.enquiry())["id"], (await stage.enquiry(car="civic", phone="03451234567"))["id"]
    foreign = (await stage.enquiry(car="alto"))["id"]

    async def seen(name: str) -> list[str]:
        return [row["id"] for row in (await stage.callers[name].get("leads")).json()["items"]]

    assert await seen("sales1") == [here]
    assert await seen("sales3") == [there]
    assert await seen("manager") == [there, here]
    assert await seen("indus-owner") == [foreign]
    for method, path, body in (
        ("GET", "", None), ("GET", "/timeline", None), ("POST", "/claim", None), ("POST", "/notes", {"body": "x"}),
        ("PATCH", "/status", {"status": "won"}), ("POST", "/merge", {"into_id": here}),
    ):  # fmt: skip
        for lead_id in (there, foreign, str(new_id())):
            answer = await stage.callers["sales1"](method, f"leads/{lead_id}{path}", body)
            assert answer.status_code == 404, (method, path, answer.text)


async def test_onlookers_see_no_contact_and_change_nothing(stage: Stage) -> None:
    lead_id = (await stage.enquiry(email="ali@example.pk"))["id"]
    reader = stage.callers["readonly"]
    answer = await reader.get(f"leads/{lead_id}")
    lead = answer.json()

    assert (lead["phone"], lead["email"]) == (None, None)
    assert not [word for word in ("1234567", "ali@") if word in answer.text]
    assert (await reader.post(f"leads/{lead_id}/claim")).status_code == 403


async def test_the_inbox_is_searched_by_name_phone_car_stock_number_and_reference(stage: Stage) -> None:
    lead = await stage.enquiry(name="Zulfiqar Ali", phone="03219876543")
    await stage.enquiry(car="civic", name="Sana Khan", phone="03451112222")
    number = (await stage.callers["manager"].get(f"leads/{lead['id']}")).json()["car"]["number"]
    for q in ("zulfi", "6543", "9876543", "0321 9876543", "corolla 2019", "S-coro", lead["ref"].lower(), str(number)):
        found = (await stage.callers["manager"].get("leads", params={"q": q})).json()["items"]
        assert [row["id"] for row in found] == [lead["id"]], q


async def test_counts_stay_equal_to_the_lists_through_many_changes_at_once(stage: Stage) -> None:
    ids = [(await stage.enquiry(phone=f"0300123{n:04}"))["id"] for n in range(24)]
    sales, manager = stage.callers["sales1"], stage.callers["manager"]

    async def change(n: int, lead_id: object) -> None:
        lead = f"leads/{lead_id}"
        ways: list[Callable[[], Awaitable[Response]]] = [
            lambda: sales.post(f"{lead}/claim"),
            lambda: manager.patch(f"{lead}/status", {"status": "lost", "reason": "price"}),
            lambda: sales.post(f"{lead}/snooze", {"choice": "tomorrow"}),
            lambda: manager.post(f"{lead}/archive"),
            lambda: sales.patch(f"{lead}/status", {"status": "spam"}),
        ]
        while n % 6 < 5 and (await ways[n % 6]()).status_code == 503:
            pass  # on a busy machine some wait too long for the others' locks, and are asked to come again

    await asyncio.gather(*(change(n, lead_id) for n, lead_id in enumerate(ids)))
    counts = (await sales.get("leads/counts")).json()
    me = str(stage.people["sales1"])
    for view in ("open", "unassigned", "snoozed", "closed", "spam", "archived", "all"):
        items = (await sales.get("leads", params={"view": view, "limit": 100})).json()["items"]
        assert len(items) == counts[view], view
    mine = (await sales.get("leads", params={"view": "mine"})).json()["items"]
    assert len(mine) == counts["mine"].get(me, 0) == 4


async def test_one_bad_lead_does_not_stop_the_others_and_an_action_can_be_taken_back(stage: Stage) -> None:
    ids = [(await stage.enquiry(phone=f"0300123{n:04}"))["id"] for n in range(4)]
    sales = stage.callers["sales1"]
    await sales.patch(f"leads/{ids[3]}/status", {"status": "spam"})
    body = {"ids": [*ids, str(new_id())], "action": "status", "status": "qualified"}
    done = (await sales.post("leads/bulk", body)).json()
    await stage.callers["sales2"].patch(f"leads/{ids[0]}/status", {"status": "won"})
    undone = (await sales.post(f"leads/batches/{done['batch_id']}/undo")).json()
    states = [(await sales.get(f"leads/{lead_id}")).json()["status"] for lead_id in ids]
    theirs = await stage.callers["sales2"].post(f"leads/batches/{done['batch_id']}/undo")

    assert sorted(done["done"]) == sorted(ids[:3])
    assert sorted(done["skipped"].values()) == ["not_found", "transition_not_allowed"]
    assert (sorted(undone["done"]), undone["skipped"]) == (sorted(ids[1:3]), {ids[0]: "changed_meanwhile"})
    assert states == ["won", "new", "new", "spam"]
    assert theirs.status_code == 404


async def test_a_merge_shows_both_histories_and_can_be_undone(stage: Stage) -> None:
    one = await stage.enquiry(message="From my phone")
    two = await stage.enquiry(phone="03331234567", message="From my brother's")
    sales = stage.callers["sales1"]
    await sales.post(f"leads/{two['id']}/merge", {"into_id": one["id"]})
    bodies = [row["body"] for row in (await sales.get(f"leads/{one['id']}/timeline")).json()]
    listed = [row["id"] for row in (await sales.get("leads")).json()["items"]]
    again = await stage.enquiry(phone="03331234567", message="Again")
    back = await sales.post(f"leads/{two['id']}/unmerge")
    after = sorted(row["id"] for row in (await sales.get("leads")).json()["items"])

    assert {"From my phone", "From my brother's"} <= set(bodies)
    assert listed == [one["id"]]
    assert again["id"] == one["id"]
    assert back.status_code == 200
    assert after == sorted([one["id"], two["id"]])


async def test_a_snoozed_lead_comes_back_by_itself_and_at_once_when_the_buyer_asks_again(stage: Stage) -> None:
    from jobs.sweeper import Sweeper

    first, second = await stage.enquiry(), await stage.enquiry(phone="03331234567")
    sales = stage.callers["sales1"]
    for lead in (first, second):
        assert (await sales.post(f"leads/{lead['id']}/snooze", {"choice": "tomorrow"})).json()["snoozed_until"]
    far = await sales.post(f"leads/{first['id']}/snooze", {"until": "2099-01-01T00:00:00Z"})
    gone = (await sales.get("leads", params={"view": "open"})).json()["items"]
    await stage.enquiry(message="Anybody there?")
    async with db.unit(stage.scope()) as session:
        await session.execute(db_text("update lead set snoozed_until = now() - interval '1 second' where id = :id"),
                              {"id": second["id"]})  # fmt: skip
    await Sweeper().turn()
    back = {row["id"] for row in (await sales.get("leads", params={"view": "open"})).json()["items"]}

    assert far.status_code == 422
    assert gone == []
    assert back == {first["id"], second["id"]}


async def test_canned_replies_speak_three_languages(stage: Stage) -> None:
    manager, lead_id = stage.callers["manager"], (await stage.enquiry())["id"]
    body = {
        "key": "price", "title": "Price",
        "body_en": "{car} is {price}, {name}.", "body_ur": "{car} کی قیمت {price} ہے۔",
        "body_roman": "{car} ki qeemat {price} hai.",
    }  # fmt: skip
    made = await manager.post("reply-templates", body)
    twin = await manager.post("reply-templates", body)
    odd = await manager.post("reply-templates", {**body, "key": "odd", "body_en": "{colour_of_sky}"})
    said = {
        lang: (await manager.get(f"leads/{lead_id}/templates/price", params={"lang": lang})).json()["body"]
        for lang in ("en", "ur", "roman")
    }
    refused = await stage.callers["sales1"].post("reply-templates", {**body, "key": "mine"})

    assert (made.status_code, twin.status_code, odd.status_code, refused.status_code) == (201, 409, 422, 403)
    assert said["en"] == "Corolla 2019 is PKR 48.5 lakh, Ali Raza."
    assert said["ur"].endswith("کی قیمت 48.5 لاکھ روپے ہے۔")
    assert said["roman"] == "Corolla 2019 ki qeemat PKR 48.5 lakh hai."


async def test_saved_views_are_one_s_own_or_the_team_s(stage: Stage) -> None:
    await stage.enquiry()
    filters = {"view": "open", "source": "web"}
    mine = await stage.callers["sales1"].post("lead-views", {"name": "Web", "filters": filters})
    refused = await stage.callers["sales1"].post("lead-views", {"name": "All", "filters": filters, "shared": True})
    team = await stage.callers["manager"].post("lead-views", {"name": "Team", "filters": filters, "shared": True})
    seen = (await stage.callers["sales2"].get("lead-views")).json()
    gone = await stage.callers["sales2"].delete(f"lead-views/{mine.json()['id']}")

    assert (mine.status_code, refused.status_code, team.status_code, gone.status_code) == (201, 403, 201, 404)
    assert [(view["name"], view["shared"], view["count"]) for view in seen] == [("Team", True, 1)]


async def test_a_walk_in_is_typed_at_the_desk(stage: Stage) -> None:
    sales, manager = stage.callers["sales1"], stage.callers["manager"]
    body = {"name": "Bashir", "phone": "03211112222", "message": "Looks for a Corolla under 50 lakh"}
    made = await sales.post("leads", body)
    unplaced = await manager.post("leads", body)
    anonymous = await stage.api.stranger().post("leads", body)
    onlooker = await stage.callers["readonly"].post("leads", body)

    assert (made.status_code, made.json()["source"], made.json()["branch"]) == (201, "walk_in", "lahore")
    assert (unplaced.status_code, unplaced.json()["errors"][0]["field"]) == (422, "branch_id")
    assert (anonymous.status_code, onlooker.status_code) == (401, 403)


async def test_the_team_hears_of_a_new_lead_by_mail(stage: Stage, outbox) -> None:
    await stage.enquiry()
    await jobs_ledger.burst()

    assert {sent.to for sent in outbox.sent()} == {"sales1@ravi.pk", "sales2@ravi.pk"}
    assert all("Ali Raza" in sent.text for sent in outbox.sent())


async def test_nothing_personal_is_kept_in_the_clear(stage: Stage) -> None:
    await stage.enquiry(
        name="Zebunnisa", phone="03009998887", email="zeb@example.pk", message="My number is 03009998887"
    )
    async with db.system() as session:
        kept = ""
        for table in ("contact", "lead", "lead_event", "event", "audit_record", "job"):
            rows = await session.execute(db_text(f"select t::text from {table} t"))  # noqa: S608 - our own names
            kept += "".join(row[0] for row in rows)

    assert not [word for word in ("Zebunnisa", "9998887", "zeb@example") if word in kept]
