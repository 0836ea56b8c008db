"""Other systems are told of what happened: signed, until they take it, and never at an inner address."""

import asyncio
import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from app.core import jobs_ledger
from app.core.settings import Settings
from app.webhooks import rules
from tests.adapters.test_http import INNER, drip, flood
from tests.feeds.conftest import dealer, imported, sheet
from tests.feeds.elsewhere import Answering, Elsewhere, said
from tests.feeds.test_sources import manager_of
from tests.support.api import Caller

OK = said(b"", "204 Taken")


async def told(owner: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await owner.get("webhooks/deliveries")).json()["items"]
    return found


async def register(owner: Caller, url: str, **more: Any) -> str:
    answer = await owner.post("webhooks", {"url": url, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


async def wait_is_over(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    await connection.execute("update job set run_at = now() - interval '1 second'")
    await connection.close()
    await jobs_ledger.burst()


async def test_an_import_that_is_done_is_told_once_and_signed(owner: Caller) -> None:
    elsewhere = Elsewhere(OK)
    async with elsewhere.open() as url:
        secret = await register(owner, url)
        await imported(owner, sheet(), dry_run=True)
        run = await imported(owner, sheet())
        await jobs_ledger.burst()
    headers, body = elsewhere.requests[0], elsewhere.bodies[0]
    row = (await told(owner))[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told_of = msgspec.json.decode(body)

    assert elsewhere.visits == 1
    assert len(key) == 32
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert (told_of["event"], told_of["id"], told_of["org"]) == ("feed.import.done", run["id"], "southside")
    assert told_of["counts"]["created"] == 3
    assert told_of["at"]
    assert (row["status"], row["attempts"], row["response"], row["id"]) == ("delivered", 1, 204, headers["webhook-id"])


async def test_a_new_lead_is_told_by_ids_without_the_buyers_details(owner: Caller) -> None:
    elsewhere = Elsewhere(OK)
    async with elsewhere.open() as url:
        await register(owner, url, events=["lead.created"])
        branch = (await owner.get("branches")).json()["items"][0]["id"]
        lead = await owner.post("leads", {"name": "Zainab Q", "phone": "03001112223", "branch_id": branch})
        await jobs_ledger.burst()
        await imported(owner, sheet())
        await jobs_ledger.burst()
    body = elsewhere.bodies[0].decode()

    assert lead.status_code == 201, lead.text
    assert elsewhere.visits == 1
    assert msgspec.json.decode(body)["event"] == "lead.created"
    assert "Zainab" not in body
    assert "1112223" not in body


@pytest.mark.parametrize(
    ("answer", "response", "error"),
    [
        (said(b"broken", "500 Broken"), 500, None),
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 302, None),
        (b"", None, "unreachable"),
        (b"junk\r\n\r\n", None, "unreachable"),
    ],
)
async def test_what_is_not_taken_is_tried_again_with_the_same_id_and_body(
    owner: Caller, settings: Settings, answer: bytes, response: int | None, error: str | None
) -> None:
    elsewhere = Elsewhere(answer)
    async with elsewhere.open() as url:
        await register(owner, url)
        await imported(owner, sheet())
        first = (await told(owner))[0]
        elsewhere.then(OK)
        await wait_is_over(settings)
    second = (await told(owner))[0]

    assert (first["status"], first["attempts"], first["response"], first["error"]) == ("waiting", 1, response, error)
    assert first["next_at"]
    assert (second["status"], second["attempts"]) == ("delivered", 2)
    assert len({one["webhook-id"] for one in elsewhere.requests}) == len(set(elsewhere.bodies)) == 1


@pytest.mark.parametrize("answer", [flood, drip])
async def test_a_flood_is_not_read_and_a_drip_does_not_hold_it(owner: Caller, answer: Answering) -> None:
    async with Elsewhere(answer).open() as url:
        await register(owner, url)
        async with asyncio.timeout(30):
            await imported(owner, sheet())

    assert {row["status"] for row in await told(owner)} == {"delivered"}


async def test_it_is_given_up_after_the_last_try_and_sent_again_by_hand(owner: Caller, settings: Settings) -> None:
    elsewhere = Elsewhere(said(b"", "503 Away", Retry_After="9999999"))
    async with elsewhere.open() as url:
        await register(owner, url)
        await imported(owner, sheet())
        for _ in rules.WAITS:
            await wait_is_over(settings)
        failed = (await told(owner))[0]
        await wait_is_over(settings)
        tries = elsewhere.visits
        elsewhere.then(OK)
        again = await owner.post(f"webhooks/deliveries/{failed['id']}/replay")
        await jobs_ledger.burst()
    row = (await told(owner))[0]

    assert (failed["status"], failed["attempts"], tries) == ("failed", 10, 10)
    assert again.status_code == 202
    assert (row["status"], row["id"]) == ("delivered", failed["id"])


async def test_who_says_gone_is_switched_off_and_can_be_switched_on_again(owner: Caller) -> None:
    elsewhere = Elsewhere(said(b"", "410 Gone"))
    async with elsewhere.open() as url:
        await register(owner, url)
        await imported(owner, sheet())
        off = (await owner.get("webhooks")).json()[0]
        await imported(owner, sheet())
        on = await owner.patch(f"webhooks/{off['id']}", {"state": "active"})

    assert (off["state"], off["why"]) == ("off", "gone")
    assert (elsewhere.visits, on.status_code) == (1, 204)
    assert (await owner.get("webhooks")).json()[0]["state"] == "active"


async def test_inner_addresses_and_plain_http_are_refused(owner: Caller) -> None:
    for url in (*(f"https://{host}/hook" for host in INNER), "http://example.com/hook", "ftp://example.com/"):
        answer = await owner.post("webhooks", {"url": url})
        if answer.status_code == 201:  # a name that nobody knows yet
            assert (await owner.delete(f"webhooks/{answer.json()['webhook_id']}")).status_code == 204
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "url_not_allowed"), url


async def test_secrets_are_sealed_and_told_once(owner: Caller, settings: Settings) -> None:
    secret = await register(owner, "https://example.com/hook")
    listed = (await owner.get("webhooks")).text
    connection = await asyncpg.connect(settings.database_owner_url)
    rows = await connection.fetch("select row_to_json(webhook)::text as row from webhook")
    await connection.close()

    assert secret.startswith("whsec_")
    assert secret not in listed + rows[0]["row"]


async def test_they_are_of_the_whole_org_and_of_nobody_else(api: Caller, owner: Caller) -> None:
    await register(owner, "https://example.com/hook")
    mo = await manager_of(api, owner, "multan")
    other = await dealer(api, "northside")
    (mine,) = (await owner.get("webhooks")).json()

    for stranger in (mo, other):
        assert (await stranger.get("webhooks")).json() == []
        assert (await stranger.get("webhooks/deliveries")).json()["items"] == []
        assert (await stranger.delete(f"webhooks/{mine['id']}")).status_code == 404
    assert (await mo.post("webhooks", {"url": "https://example.com/hook"})).status_code == 403


def test_waits_grow_and_the_server_may_ask_for_patience() -> None:
    assert rules.wait(1) == timedelta(seconds=5)
    assert rules.wait(1, 60) == timedelta(seconds=60)
    assert rules.wait(2, 10**9) == timedelta(days=1)
    assert rules.wait(10) is None
    assert (rules.asked_for("120"), rules.asked_for("Fri, 27 Nov 2026"), rules.asked_for(None)) == (120.0, None, None)
