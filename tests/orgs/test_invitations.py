"""Invitations: mailed, accepted by newcomers and by people we know, withdrawn, never by anybody else."""

import re

from sqlalchemy import text

from app.adapters import mail
from app.core import db, jobs_ledger
from app.core.settings import Settings
from tests.support.api import Caller, org_of


async def mailed(outbox: mail.MemoryMailer) -> str:
    """Runs what is due and returns the code of the latest mail."""
    await jobs_ledger.burst()
    return re.findall(r"/(?:invitations|reset-password)/([A-Za-z0-9_-]{43})", outbox.sent()[0].text)[-1]


async def test_a_newcomer_joins_with_the_mailed_code(api: Caller, outbox: mail.MemoryMailer) -> None:
    owner = await org_of(api, "ravi", "owner@ravi.pk")
    sent = await owner.post("invitations", {"email": "New@Ravi.pk", "role": "sales", "lang": "ur"})
    code = await mailed(outbox)
    joined = await api.post("invitations/accept", {"code": code, "name": "Bilal", "password": "seven-green-boats"})
    again = await api.post("invitations/accept", {"code": code, "name": "Bilal", "password": "seven-green-boats"})
    me = (await api.bearing(joined.json()["access_token"]).get("me")).json()

    assert sent.status_code == 201
    assert (outbox.sent()[0].to, outbox.sent()[0].lang) == ("new@ravi.pk", "ur")
    assert (me["org"], me["role"], me["email"]) == ("ravi", "sales", "new@ravi.pk")
    assert (again.status_code, again.json()["code"]) == (410, "invitation_used_up")
    assert (await owner.get("invitations")).json()["items"] == []
    names = [row["name"] for row in (await owner.get("users")).json()["items"]]
    assert names == ["Somebody", "Bilal"]


async def test_only_the_invited_person_may_use_the_code(api: Caller, outbox: mail.MemoryMailer) -> None:
    owner = await org_of(api, "ravi", "owner@ravi.pk")
    invited, other = await api.register("ana@example.pk", "Ana"), await api.register("eve@example.pk", "Eve")
    await owner.post("invitations", {"email": "ana@example.pk", "role": "manager"})
    code = await mailed(outbox)

    anonymous = await api.post("invitations/accept", {"code": code, "name": "X", "password": "seven-green-boats"})
    stranger = await other.post("invitations/accept", {"code": code})
    accepted = await invited.post("invitations/accept", {"code": code})

    assert (anonymous.status_code, stranger.status_code, accepted.status_code) == (401, 403, 200)


async def test_a_withdrawn_invitation_is_neither_sent_nor_accepted(api: Caller, outbox: mail.MemoryMailer) -> None:
    owner = await org_of(api, "ravi", "owner@ravi.pk")
    made = (await owner.post("invitations", {"email": "x@example.pk", "role": "ops"})).json()
    await owner.delete(f"invitations/{made['id']}")
    await jobs_ledger.burst()

    assert outbox.sent() == []


async def test_a_new_invitation_replaces_the_open_one(api: Caller, outbox: mail.MemoryMailer) -> None:
    owner = await org_of(api, "ravi", "owner@ravi.pk")
    await owner.post("invitations", {"email": "x@example.pk", "role": "ops"})
    old = await mailed(outbox)
    await owner.post("invitations", {"email": "x@example.pk", "role": "sales"})
    new = await mailed(outbox)
    refused = await api.post("invitations/accept", {"code": old, "name": "X", "password": "seven-green-boats"})
    taken = await api.post("invitations/accept", {"code": new, "name": "X", "password": "seven-green-boats"})

    assert (refused.status_code, taken.status_code) == (410, 200)


async def test_nobody_invites_above_their_own_rights(api: Caller, outbox: mail.MemoryMailer) -> None:
    owner = await org_of(api, "ravi", "owner@ravi.pk")
    await owner.post("users", {"email": "k@ravi.pk", "name": "Kim", "role": "manager", "password": "seven-green-boats"})
    manager = await api.sign_in("k@ravi.pk", "seven-green-boats")

    above = await manager.post("invitations", {"email": "x@example.pk", "role": "owner"})
    foreign = await manager.post("invitations", {"email": "x@example.pk", "role": "admin"})

    assert (above.status_code, above.json()["code"]) == (403, "above_you")
    assert (foreign.status_code, foreign.json()["errors"][0]["field"]) == (422, "role")


async def test_no_code_is_stored(api: Caller, outbox: mail.MemoryMailer, settings: Settings) -> None:
    owner = await org_of(api, "ravi", "owner@ravi.pk")
    await owner.post("invitations", {"email": "x@example.pk", "role": "ops"})
    code = await mailed(outbox)
    async with db.system() as session:
        rows = (
            await session.execute(text("select i::text from invitation i union all select j::text from job j"))
        ).all()

    assert rows
    assert all(code not in row[0] for row in rows)
