"""The inbox without scripts and with htmx: every form, every refusal, every screen."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import Visitor


async def staff(visitor: Visitor, email: str = "sales1@ravi.demo") -> Visitor:
    await visitor.sign_in(email)
    await visitor.open("/desk/inbox")
    return visitor


async def walk_in(visitor: Visitor, phone: str = "0300 1234567", **more: Any) -> str:
    """A lead typed in at the desk; its id."""
    answer = await visitor.send("/desk/inbox/new", name="Ali Raza", phone=phone, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


async def batch_of(answer: Any) -> str:
    found = re.search(r"/desk/inbox/batches/([0-9a-f-]{36})/undoing", answer.text)
    assert found, answer.text
    return found[1]


async def test_a_walk_in_is_typed_claimed_answered_and_closed_without_scripts(visitor: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor, message="Wants a Corolla", email="ali@example.pk")
    page = (await visitor.open(f"/desk/inbox/{lead}")).text
    key = re.search(r'name="_idempotency_key" value="([^"]+r)"', page)
    assert key
    after = re.search(r'name="after" value="([^"]+)"', page)
    assert after
    claimed = await visitor.send(f"/desk/inbox/{lead}/claim")
    for _twice in range(2):
        replied = await visitor.send(
            f"/desk/inbox/{lead}/replies", body="Come by today", channel="email", after=after[1],
            _idempotency_key=key[1],
        )  # fmt: skip
    noted = await visitor.send(f"/desk/inbox/{lead}/notes", body="Serious")
    closed = await visitor.send(f"/desk/inbox/{lead}/status", status="lost", reason="price")
    page = (await visitor.open(f"/desk/inbox/{lead}")).text

    assert [answer.status_code for answer in (claimed, replied, noted, closed)] == [303] * 4
    assert page.count('<p dir="auto">Come by today</p>') == 1
    assert "Serious" in page
    assert "Wants a Corolla" in page
    assert 'data-status="lost"' in page
    assert lead in (await visitor.open("/desk/inbox?view=closed")).text
    assert lead not in (await visitor.open("/desk/inbox")).text


async def test_the_second_claim_is_told_who_was_first(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    await staff(another, "sales2@ravi.demo")
    first = await another.send(f"/desk/inbox/{lead}/claim", htmx=True)
    second = await visitor.send(f"/desk/inbox/{lead}/claim", htmx=True)
    plain = await visitor.send(f"/desk/inbox/{lead}/claim")
    told = (await visitor.open(plain.headers["location"])).text

    assert first.status_code == 200
    assert "Undo" in first.text
    assert second.status_code == 409
    assert "Sana Tariq has this lead already." in second.text
    assert "Sana Tariq has this lead already." in told


async def test_a_reply_after_a_colleagues_asks_once(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    page = (await visitor.open(f"/desk/inbox/{lead}")).text
    seen = re.search(r'name="after" value="([^"]+)"', page)
    assert seen
    await staff(another, "sales2@ravi.demo")
    await another.send(f"/desk/inbox/{lead}/replies", htmx=True, body="Yes", channel="whatsapp")
    mine = {"body": "No <b>wait</b>", "channel": "whatsapp", "after": seen[1]}
    asked = await visitor.send(f"/desk/inbox/{lead}/replies", htmx=True, **mine)
    plain = await visitor.send(f"/desk/inbox/{lead}/replies", **mine)
    sent = await visitor.send(f"/desk/inbox/{lead}/replies", htmx=True, anyway="1", **mine)

    assert asked.status_code == 409
    assert "Sana Tariq has answered since you began." in asked.text
    assert 'name="anyway"' in asked.text
    assert plain.status_code == 409
    assert "No &lt;b&gt;wait&lt;/b&gt;</textarea>" in plain.text
    assert sent.status_code == 204
    assert "sent although Sana Tariq had answered" in (await visitor.open(f"/desk/inbox/{lead}")).text


async def test_what_cannot_be_sent_is_said_above_what_was_typed(visitor: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    slot = await visitor.send(f"/desk/inbox/{lead}/replies", htmx=True, body="It costs {price}", channel="whatsapp")
    no_mail = await visitor.send(f"/desk/inbox/{lead}/replies", htmx=True, body="Hello", channel="email")
    empty = await visitor.send(f"/desk/inbox/{lead}/notes", htmx=True, body=" ")

    assert (slot.status_code, no_mail.status_code, empty.status_code) == (422, 422, 422)
    assert "Fill in what stands in braces first." in slot.text
    assert "cannot be reached that way" in no_mail.text


async def test_status_needs_its_reason_its_way_and_its_version(visitor: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    no_reason = await visitor.send(f"/desk/inbox/{lead}/status", htmx=True, status="lost")
    unknown = await visitor.send(f"/desk/inbox/{lead}/status", htmx=True, status="sold")
    won = await visitor.send(f"/desk/inbox/{lead}/status", htmx=True, status="won", version="1")
    stale = await visitor.send(f"/desk/inbox/{lead}/status", htmx=True, status="lost", reason="price", version="1")
    not_that_way = await visitor.send(f"/desk/inbox/{lead}/status", htmx=True, status="contacted")
    undone = await visitor.send(f"/desk/inbox/batches/{await batch_of(won)}/undoing", htmx=True)
    twice = await visitor.send(f"/desk/inbox/batches/{await batch_of(won)}/undoing", htmx=True)

    assert no_reason.status_code == 422
    assert "Say why it was lost." in no_reason.text
    assert unknown.status_code == 422
    assert won.status_code == 200
    assert stale.status_code == 412
    assert "Somebody changed this lead meanwhile." in stale.text
    assert not_that_way.status_code == 409
    assert undone.status_code == 200
    assert twice.status_code == 409


async def test_assign_snooze_archive_and_back(visitor: Visitor) -> None:
    await staff(visitor, "manager@ravi.demo")
    branch = re.search(r'<option value="([0-9a-f-]{36})">Lahore', (await visitor.open("/desk/inbox/new")).text)
    assert branch
    lead = await walk_in(visitor, branch_id=branch[1])
    page = (await visitor.open(f"/desk/inbox/{lead}")).text
    sana = re.search(r'name="assignee_id" value="([^"]+)"[^>]*>.{0,200}Sana Tariq', page)
    assert sana

    for path, fields in (
        ("assignee", {"assignee_id": sana[1]}), ("assignee", {"assignee_id": ""}),
        ("snooze", {"choice": "tomorrow"}), ("snooze", {}), ("snooze", {"until": "2026-12-24T09:30"}),
        ("archiving", {}), ("restoring", {}),
    ):  # fmt: skip
        answer = await visitor.send(f"/desk/inbox/{lead}/{path}", htmx=True, **fields)
        if path == "snooze" and "until" in fields:
            continue  # the day may have passed when you read this
        assert answer.status_code == 200, (path, answer.text)
    nobody = await visitor.send(f"/desk/inbox/{lead}/assignee", htmx=True, assignee_id=lead)
    never = await visitor.send(f"/desk/inbox/{lead}/snooze", htmx=True, choice="never")
    odd = await visitor.send(f"/desk/inbox/{lead}/snooze", htmx=True, until="soon")

    assert (nobody.status_code, never.status_code, odd.status_code) == (422, 422, 422)


async def test_many_leads_change_at_once_and_go_back_at_once(visitor: Visitor) -> None:
    await staff(visitor)
    leads = [await walk_in(visitor, phone=f"0300 555000{n}") for n in range(3)]
    done = await visitor.send("/desk/inbox/batches", htmx=True, ids=leads, act="status:lost:no_answer")
    again = await visitor.send("/desk/inbox/batches", htmx=True, ids=leads[:1], act="status:lost:no_answer")
    empty = await visitor.send("/desk/inbox/batches", htmx=True, act="archive")
    undone = await visitor.send(f"/desk/inbox/batches/{await batch_of(done)}/undoing", htmx=True)
    listed = (await visitor.open("/desk/inbox?view=unassigned")).text

    assert "Changed: 3." in done.text
    assert "Left as they were: 1." in again.text
    assert empty.status_code == 422
    assert "Stage of 3 leads set back." in undone.text
    assert all(lead in listed for lead in leads)


async def test_many_leads_are_lost_for_a_reason_in_own_words(visitor: Visitor) -> None:
    await staff(visitor)
    leads = [await walk_in(visitor, phone=f"0300 555000{n}") for n in range(2)]
    silent = await visitor.send("/desk/inbox/batches", htmx=True, ids=leads, act="status:lost", reason=" ")
    endless = await visitor.send("/desk/inbox/batches", htmx=True, ids=leads, act="status:lost", reason="x" * 201)
    done = await visitor.send("/desk/inbox/batches", htmx=True, ids=leads, act="status:lost", reason="Moved to Dubai")
    pages = [(await visitor.open(f"/desk/inbox/{lead}")).text for lead in leads]

    assert (silent.status_code, endless.status_code) == (422, 422)
    assert "Say why it was lost." in silent.text
    assert "This is too long." in endless.text
    assert "Changed: 2." in done.text
    assert all("Lost: <bdi>Moved to Dubai</bdi>" in page for page in pages)


@pytest.mark.parametrize(
    ("path", "fields", "says", "urdu"),
    [
        ("claim", {}, "The assignment of Ali Raza is taken back.", "Ali Raza کی ذمے داری واپس لے لی گئی۔"),
        ("status", {"status": "won"}, "The stage of Ali Raza is set back.", "Ali Raza کا مرحلہ پہلے جیسا کر دیا گیا۔"),
        ("snooze", {"choice": "tomorrow"}, "Ali Raza is awake again.", "Ali Raza اب مؤخر نہیں۔"),
        ("archiving", {}, "Ali Raza is out of the archive.", "Ali Raza محفوظ خانے سے باہر ہے۔"),
    ],
)
async def test_undo_says_what_it_took_back(
    visitor: Visitor, path: str, fields: dict[str, str], says: str, urdu: str
) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    told = []
    for lang in ("en", "ur"):
        done = await visitor.send(f"/desk/inbox/{lead}/{path}", htmx=True, **fields)
        visitor.http.cookies.set("lang", lang)
        told.append(await visitor.send(f"/desk/inbox/batches/{await batch_of(done)}/undoing", htmx=True))

    assert says in told[0].text
    assert urdu in told[1].text


async def test_undo_that_came_too_late_says_who_did_what_since(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor)
    await staff(another, "sales2@ravi.demo")
    lead = await walk_in(visitor)
    done = await visitor.send(f"/desk/inbox/{lead}/status", htmx=True, status="qualified")
    await another.send(f"/desk/inbox/{lead}/notes", htmx=True, body="Rang, no answer")
    late = await visitor.send(f"/desk/inbox/batches/{await batch_of(done)}/undoing", htmx=True)

    assert late.status_code == 409
    assert "Sana Tariq noted something about Ali Raza since then, so nothing is taken back." in late.text


async def test_all_that_is_wrong_with_a_walk_in_is_said_at_once(visitor: Visitor) -> None:
    await staff(visitor)
    answer = await visitor.send("/desk/inbox/new", name="", phone="12", email="nobody")
    lead = await walk_in(visitor)
    edited = await visitor.send(f"/desk/inbox/{lead}/details", name="", phone="12")

    for page in (answer, edited):
        assert page.status_code == 422
        assert "This field is needed." in page.text
        assert "This is not a phone number." in page.text
    assert "This is not an e-mail address." in answer.text


async def test_two_leads_become_one_and_two_again(visitor: Visitor) -> None:
    await staff(visitor)
    first, second = await walk_in(visitor), await walk_in(visitor, phone="0300 7654321")
    offered = (await visitor.open(f"/desk/inbox/{first}/merger?q=7654321")).text
    merged = await visitor.send(f"/desk/inbox/{first}/merger", into_id=second)
    page = (await visitor.open(f"/desk/inbox/{second}")).text
    away = (await visitor.open(f"/desk/inbox/{first}")).text
    apart = await visitor.send(f"/desk/inbox/{first}/separation")
    itself = await visitor.send(f"/desk/inbox/{first}/merger", htmx=True, into_id=first)

    assert second in offered
    assert merged.headers["location"].endswith(second)
    assert "was merged into this one" in page
    assert "This lead went into another one." in away
    assert apart.status_code == 303
    assert itself.status_code == 409


async def test_details_are_edited_where_nobody_was_faster(visitor: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    await walk_in(visitor, phone="0300 7654321")
    form = (await visitor.open(f"/desk/inbox/{lead}/details")).text
    fields = {"name": "Ali Raza Khan", "phone": "03001234567", "lang": "ur", "version": "1"}
    taken = await visitor.send(f"/desk/inbox/{lead}/details", htmx=True, **{**fields, "phone": "0300 7654321"})
    no_car = await visitor.send(f"/desk/inbox/{lead}/details", **fields, car="nothing-like-it")
    saved = await visitor.send(f"/desk/inbox/{lead}/details", htmx=True, **fields)
    stale = await visitor.send(f"/desk/inbox/{lead}/details", **{**fields, "name": "Another"})

    assert 'value="+923001234567"' in form
    assert (taken.status_code, no_car.status_code, saved.status_code, stale.status_code) == (409, 422, 200, 412)
    assert "Another buyer here has this number" in taken.text
    assert "No car of ours has this number." in no_car.text
    assert saved.headers["desk-open"] == f"/desk/inbox/{lead}"
    assert 'value="Another"' in stale.text


async def test_a_view_is_kept_counted_shared_by_heads_and_removed(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor, "manager@ravi.demo")
    lead = await walk_in(await staff(another), source="referral")
    form = (await visitor.open("/desk/inbox/views/new?source=referral")).text
    filters = re.search(r'name="filters" value="([^"]+)"', form)
    assert filters
    given = filters[1].replace("&#34;", '"')
    kept = await visitor.send("/desk/inbox/views", name="From friends", filters=given, shared="1")
    shown = (await another.open(kept.headers["location"])).text
    forbidden = await another.send("/desk/inbox/views", htmx=True, name="Mine", filters=given, shared="1")
    nameless = await visitor.send("/desk/inbox/views", name="", filters=given)
    odd = await visitor.send("/desk/inbox/views", name="Odd", filters="{")
    removed = await visitor.send(f"/desk/inbox/views/{kept.headers['location'].partition('=')[2]}/removal")

    assert "From friends" in shown
    assert lead in shown
    assert forbidden.status_code == 403
    assert (nameless.status_code, odd.status_code) == (422, 422)
    assert removed.status_code == 303
    assert "From friends" not in (await visitor.open("/desk/inbox")).text


async def test_canned_replies_are_kept_by_heads_and_filled_in_for_the_lead(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor, "manager@ravi.demo")
    fields = {"key": "hi", "title": "Greeting", "body_en": "Hello {name}, about {price}", "body_ur": "سلام {name}"}
    made = await visitor.send("/desk/replies", **fields)
    taken = await visitor.send("/desk/replies", **fields)
    unknown = await visitor.send("/desk/replies", **{**fields, "key": "no", "body_en": "{colour}"})
    edit = re.search(r"/desk/replies/[0-9a-f-]{36}", (await visitor.open("/desk/replies")).text)
    assert edit
    changed = await visitor.send(edit[0], **{**fields, "title": "Salam"})
    await staff(another)
    lead = await walk_in(another)
    picker = (await another.open(f"/desk/inbox/{lead}/canned")).text
    not_theirs = await another.send("/desk/replies", **fields)
    removed = await visitor.send(f"{edit[0]}/removal")

    assert (made.status_code, changed.status_code, removed.status_code) == (303, 303, 303)
    assert (taken.status_code, unknown.status_code, not_theirs.status_code) == (409, 422, 403)
    assert 'data-body="Hello Ali Raza, about {price}"' in picker
    assert "Salam" in picker


@pytest.mark.parametrize("view", ["mine", "unassigned", "open", "snoozed", "closed", "spam", "archived", "all"])
async def test_every_view_opens_and_what_it_does_not_know_is_left_out(visitor: Visitor, view: str) -> None:
    await staff(visitor)
    page = await visitor.open(f"/desk/inbox?view={view}&status=&source=space&assignee=x&branch=lahore&q=ali")

    assert page.status_code == 200
    assert f'data-view="{view}" aria-current="page"' in page.text


async def test_who_only_looks_sees_masked_numbers_and_no_buttons(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    await staff(another, "readonly@ravi.demo")
    page = (await another.open(f"/desk/inbox/{lead}")).text

    assert "+92•••••4567" in page
    assert "0300 1234567" not in page
    assert f"/desk/inbox/{lead}/claim" not in page
    assert (await another.send(f"/desk/inbox/{lead}/claim")).status_code == 403


async def test_another_dealers_lead_is_no_lead(visitor: Visitor, another: Visitor) -> None:
    await staff(visitor)
    lead = await walk_in(visitor)
    await staff(another, "owner@indus.demo")

    for path in ("", "/region", "/canned", "/merger", "/details"):
        assert (await another.open(f"/desk/inbox/{lead}{path}")).status_code == 404
    await another.open("/desk/inbox")
    for path, fields in (("claim", {}), ("archiving", {}), ("notes", {"body": "x"}), ("status", {"status": "won"})):
        assert (await another.send(f"/desk/inbox/{lead}/{path}", **fields)).status_code == 404
