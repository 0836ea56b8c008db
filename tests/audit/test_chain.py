"""S8, AUD-05: the trail is append-only for everybody, and any tampering around that is found."""

import json
import random

import asyncpg
import pytest

from app.audit import queries
from app.core import db
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.settings import Settings
from tests.support.api import Caller, org_of

TRIES = 1000
SEED = 42


async def trail(api: Caller, steps: int = 12) -> Id:
    """An org with some history; its id."""
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    for number in range(steps):
        made = await owner.post("branches", {"name": f"B {number}", "slug": f"b-{number}", "city": "Lahore"})
        assert made.status_code == 201
    rows = (await owner.get("orgs")).json()["items"]
    return Id(next(row["org_id"] for row in rows if row["org"] == "ravi"))


async def holds(org_id: Id) -> bool:
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        return (await queries.verify(session)).ok


@pytest.mark.parametrize("role", [None, "desk_owner", "desk_app", "desk_system"])
@pytest.mark.parametrize(
    "change",
    [
        "update audit_record set action = 'nothing.happened'",
        "delete from audit_record",
        "truncate audit_record",
    ],
)
async def test_nobody_changes_the_trail(api: Caller, settings: Settings, role: str | None, change: str) -> None:
    """None is the superuser itself, which only the trigger stops."""
    org_id = await trail(api, steps=1)
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        if role:
            await connection.execute(f"set role {role}")
            await connection.execute("select set_config('app.org', $1, false)", str(org_id))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)
    finally:
        await connection.close()

    assert await holds(org_id)


async def test_every_tampering_is_found(api: Caller, settings: Settings) -> None:
    """With the triggers taken away: changed, dropped, swapped, inserted and cut records."""
    org_id, chance = await trail(api), random.Random(SEED)
    assert await holds(org_id)
    connection = await asyncpg.connect(settings.database_owner_url)
    found = 0
    try:
        await connection.execute("alter table audit_record disable trigger user")
        await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        rows = await connection.fetch("select * from audit_record where org_id = $1 order by seq", org_id)
        assert await _verdict(connection, org_id)
        for _ in range(TRIES):
            transaction = connection.transaction()
            await transaction.start()
            await _tamper(connection, org_id, rows, chance)
            found += not await _verdict(connection, org_id)
            await transaction.rollback()
        await connection.execute("alter table audit_record enable trigger user")
    finally:
        await connection.close()
    print(f"S8 tampered={TRIES} found={found} seed={SEED}")  # noqa: T201

    assert found == TRIES
    assert await holds(org_id)


async def _verdict(connection: asyncpg.Connection, org_id: Id) -> bool:
    """`verify` over the rows as this still open transaction sees them."""
    rows = await connection.fetch("select * from audit_record where org_id = $1 order by seq", org_id)
    feed = await connection.fetchrow("select seq, audit_hash from feed where org_id = $1", org_id)
    return queries.whole(rows, feed["seq"], feed["audit_hash"]).ok


async def _tamper(
    connection: asyncpg.Connection, org_id: Id, rows: list[asyncpg.Record], chance: random.Random
) -> None:
    row, other = chance.sample(rows, 2)
    last = rows[-1]["seq"]
    one = "update audit_record set {} where org_id = $1 and seq = $2"
    kind = chance.randrange(11)
    change = {
        0: "action = action || '!'",
        1: "entity_id = gen_random_uuid()",
        2: """diff = diff || '{"x": [1, 2]}'""",
        3: "actor_id = gen_random_uuid()",
        4: "at = at - interval '1 microsecond'",
        5: "request_id = coalesce(request_id, '') || 'x'",
        6: "hash = sha256(hash)",
    }.get(kind)
    if change:
        await connection.execute(one.format(change), org_id, row["seq"])
    elif kind == 7:
        await connection.execute(f"{_DELETE} and seq = $2", org_id, row["seq"])
    elif kind == 8:  # two records change places
        for seq, content in ((row["seq"], other), (other["seq"], row)):
            await connection.execute(
                one.format("action = $3, entity_id = $4, diff = $5, at = $6"),
                org_id, seq, content["action"], content["entity_id"], content["diff"], content["at"],
            )  # fmt: skip
    elif kind == 9:  # the tail is cut
        await connection.execute(f"{_DELETE} and seq > $2", org_id, last - chance.randrange(1, 4))
    else:
        await connection.execute(
            "insert into audit_record select org_id, $2, action, entity, entity_id, diff, actor_id, request_id, at, "
            "hash from audit_record where org_id = $1 and seq = $3",
            org_id, last + 1, row["seq"],
        )  # fmt: skip


_DELETE = "delete from audit_record where org_id = $1"


async def test_a_chain_written_anew_is_told_by_its_head(api: Caller, settings: Settings) -> None:
    """Whoever rewrites everything ends with another head: heads kept elsewhere would tell."""
    org_id = await trail(api, steps=2)
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        head = (await queries.verify(session)).head

    assert len(head) == 64
    assert await holds(org_id)
    assert await holds(new_id())
