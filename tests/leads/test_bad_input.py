"""What people and programs send that is wrong: a clear answer each time, and nothing half written."""

import unicodedata

import pytest
from sqlalchemy import text

from app.core import db
from tests.leads.conftest import Stage


async def counted(stage: Stage) -> int:
    async with db.system() as session:
        return (await session.execute(text("select count(*) from lead"))).scalar_one()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "12345"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "+" + "9" * 40}, "phone"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"message": "x" * 10_000}, "message"),
        ({"email": "not an address"}, "email"),
        ({"source": "carrier pigeon"}, "source"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_kept(stage: Stage, change, field) -> None:
    body = {"listing_id": str(stage.cars["corolla"]), "name": "Ali", "phone": "03001234567", **change}
    answer = await stage.api.stranger().post("leads", body)

    assert answer.status_code in (400, 422), answer.text
    assert field in answer.text
    assert await counted(stage) == 0


async def test_a_listing_that_is_not_for_sale_to_the_public_is_not_there(stage: Stage) -> None:
    async with db.system() as session:
        await session.execute(text("select 1"))
    async with db.unit(stage.scope()) as session:
        await session.execute(
            text("update listing set visibility = 'private' where id = :id"), {"id": stage.cars["civic"]}
        )
    answers = [
        await stage.api.stranger().post("leads", {"listing_id": listing, "name": "Ali", "phone": "03001234567"})
        for listing in (str(stage.cars["civic"]), "0190a0b0-0000-7000-8000-000000000000")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_car_sold_meanwhile_says_so_and_names_others(stage: Stage) -> None:
    async with db.unit(stage.scope()) as session:
        await session.execute(
            text("update listing set status = 'sold', sold_at = now() where id = :id"), {"id": stage.cars["corolla"]}
        )
    answer = await stage.api.stranger().post(
        "leads", {"listing_id": str(stage.cars["corolla"]), "name": "Ali", "phone": "03001234567"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "car_gone")
    assert isinstance(answer.json()["alternatives"], list)


async def test_the_same_phone_twenty_times_is_one_lead(stage: Stage) -> None:
    seen = {(await stage.enquiry(message=f"again {n}"))["id"] for n in range(20)}

    assert len(seen) == 1
    assert await counted(stage) == 1


async def test_odd_text_is_kept_as_text_and_unfit_characters_are_refused(stage: Stage) -> None:
    kept = ["<script>alert(1)</script>", "Z\u0351\u036b\u0343a\u0310lgo", "عمران احمد"]
    for n, told in enumerate(kept):
        lead = await stage.enquiry(name=told, message=told, phone=f"0300123450{n}")
        found = (await stage.callers["sales1"].get(f"leads/{lead['id']}")).json()
        as_kept = unicodedata.normalize("NFC", told)
        assert (found["name"], found["excerpt"]) == (as_kept, as_kept)
    for told in ("عمران \u202eاحمد", "a\x00b"):
        body = {"listing_id": str(stage.cars["corolla"]), "name": told, "phone": "03001234567"}
        assert (await stage.api.stranger().post("leads", body)).status_code == 422


@pytest.mark.parametrize(
    ("key", "status"), [("k" * 256, 400), ("with\ttab", 400), ("فارسی".encode().decode("latin-1"), 400), ("fine", 201)]
)
async def test_idempotency_keys_are_bounded(stage: Stage, key, status) -> None:
    body = {"listing_id": str(stage.cars["corolla"]), "name": "Ali", "phone": "03001234567"}
    answer = await stage.api.stranger().post("leads", body, headers={b"Idempotency-Key": key.encode("latin-1")})

    assert answer.status_code == status


async def test_a_key_used_again_for_something_else_is_refused(stage: Stage) -> None:
    stranger = stage.api.stranger()
    body = {"listing_id": str(stage.cars["corolla"]), "name": "Ali", "phone": "03001234567"}
    first = await stranger.post("leads", body, headers={"Idempotency-Key": "one"})
    same = await stranger.post("leads", body, headers={"Idempotency-Key": "one"})
    other = await stranger.post("leads", {**body, "name": "Sana"}, headers={"Idempotency-Key": "one"})

    assert (first.status_code, same.status_code, other.status_code) == (201, 200, 422)
    assert same.content == first.content


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "assign", {"assignee_id": "0190a0b0-0000-7000-8000-000000000000"}, 422),
        ("PATCH", "assign", {}, 400),
        ("PATCH", "status", {"status": "test-drive"}, 400),
        ("PATCH", "status", {"status": "won", "version": -1}, 400),
        ("POST", "snooze", {"choice": "someday"}, 422),
        ("POST", "snooze", {"until": "2001-01-01T00:00:00Z"}, 422),
        ("POST", "replies", {"body": "", "channel": "sms"}, 400),
        ("POST", "replies", {"body": "x", "channel": "fax"}, 400),
        ("POST", "notes", {"body": "   "}, 400),
        ("POST", "merge", {"into_id": "not an id"}, 400),
    ],
)
async def test_what_members_send_wrong_changes_nothing(stage: Stage, method, path, body, status) -> None:
    lead = await stage.enquiry()
    before = (await stage.callers["sales1"].get(f"leads/{lead['id']}")).json()
    answer = await stage.callers["sales1"](method, f"leads/{lead['id']}/{path}", body)
    after = (await stage.callers["sales1"].get(f"leads/{lead['id']}")).json()

    assert answer.status_code == status or (status == 400 and answer.status_code == 422), answer.text
    assert after == before


async def test_a_lead_cannot_be_merged_into_itself(stage: Stage) -> None:
    lead = await stage.enquiry()
    answer = await stage.callers["sales1"].post(f"leads/{lead['id']}/merge", {"into_id": lead["id"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_merge")
