"""Facts: announced by `record`, written with the change in one transaction, followed by what wiring says."""

import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from sqlalchemy import text

from app.core.base import Db, Scope
from app.core.ids import Id, new_id

HIDDEN = "•••"
"""Stands in an audit diff for a value of personal data."""

GENESIS = bytes(32)

Changed = Mapping[str, tuple[Any, Any]]


class Fact(Struct, frozen=True, kw_only=True, tag_field="tag"):
    """Something that happened to the thing `id` of org `org_id`; `tag` is `noun.past`. Carries ids, never copies.

    `needs` is the action a role must be allowed for the fact to reach it over a JSON socket.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[str | None] = None

    org_id: Id
    id: Id
    branch_id: Id | None = None


class Reaction(Struct, frozen=True):
    """Later work: `function(work, fact)` runs as a job of `queue`."""

    queue: str
    function: Callable[..., Awaitable[None]]

    @property
    def kind(self) -> str:
        return f"{self.function.__module__.removeprefix('app.')}.{self.function.__name__}"


class Wire(Struct, frozen=True):
    """What follows a fact: `show` renders pushes, `do` starts jobs."""

    show: tuple[Callable[..., Awaitable[Sequence[Any]]], ...] = ()
    do: tuple[Reaction, ...] = ()


class Unwired(Exception):
    """A fact without a line in `app/wiring.py` was recorded."""


class Wake(Struct, frozen=True):
    """After commit: feed `org_id` now ends at `seq`."""

    org_id: Id
    seq: int


Table = Mapping[type[Fact], Wire]
_table: Table = {}
_wakers: list[Callable[[Sequence[Wake]], None]] = []


def install(table: Table) -> None:
    """Connect the nervous system; web, worker, command line and tests call it once."""
    global _table
    _table = table


def wires() -> Table:
    return _table


def tag_of(fact: Fact | type[Fact]) -> str:
    tag = fact.__struct_config__.tag
    assert isinstance(tag, str)  # noqa: S101 - narrows the type; every fact declares its tag
    return tag


def fact_types() -> dict[str, type[Fact]]:
    return {tag_of(kind): kind for kind in _table}


def decode(tag: str, payload: Mapping[str, Any]) -> Fact | None:
    """The fact a row holds; None when this release no longer knows its tag."""
    kind = fact_types().get(tag)
    return None if kind is None else msgspec.convert({**payload, "tag": tag}, kind)


def on_wake(waker: Callable[[Sequence[Wake]], None]) -> Callable[[], None]:
    """Call `waker` after each commit that announced something; returns the way to stop it."""
    _wakers.append(waker)
    return lambda: _wakers.remove(waker)


class _Recorded(Struct, frozen=True):
    fact: Fact
    diff: dict[str, list[Any]]


def record(db: Db, fact: Fact, *, changed: Changed | None = None) -> None:
    """Announce `fact`; its event, audit record and jobs are written when the unit of work ends.

    `changed` maps a field to (before, after); personal data goes in as HIDDEN. Raises Unwired.
    """
    if type(fact) not in _table:
        raise Unwired(tag_of(fact))
    diff = {name: [_plain(before), _plain(after)] for name, (before, after) in (changed or {}).items()}
    db.info.setdefault("facts", []).append(_Recorded(fact, diff))


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, str_keys=True)


async def commit_step(db: Db, *, trace: str | None = None) -> list[Wake]:
    """Write events, audit records and jobs of the recorded facts: the last writes of the transaction.

    Feeds are locked in ascending id and nothing else runs after the first lock, so `seq` is gap-free and in
    commit order. Returns what to wake once the transaction is durable.
    """
    recorded: list[_Recorded] = db.info.pop("facts", [])
    by_org: dict[Id, list[_Recorded]] = defaultdict(list)
    for item in recorded:
        by_org[item.fact.org_id].append(item)
    return [await _append(db, org_id, by_org[org_id], trace) for org_id in sorted(by_org)]


_LOCK = text(
    "insert into feed (org_id, epoch, seq, audit_hash) values (:org, :epoch, :n, :genesis) "
    "on conflict (org_id) do update set seq = feed.seq + excluded.seq "
    "returning seq, audit_hash, clock_timestamp()"
)
_BORROW = text("select set_config('app.org', :org, true)")
# One round trip while the feed is locked: events, audit records, jobs and the audit head together.
_APPEND = text("""
with written as (
  insert into event (org_id, seq, id, tag, payload, branch_id, actor_id, request_id, at)
  select * from jsonb_to_recordset(cast(:events as jsonb)) as row (
    org_id uuid, seq bigint, id uuid, tag text, payload jsonb, branch_id uuid, actor_id uuid, request_id text,
    at timestamptz)
), audited as (
  insert into audit_record (org_id, seq, action, entity, entity_id, diff, actor_id, request_id, at, hash)
  select org_id, seq, action, entity, entity_id, diff, actor_id, request_id, at, decode(hash, 'hex')
  from jsonb_to_recordset(cast(:audits as jsonb)) as row (
    org_id uuid, seq bigint, action text, entity text, entity_id uuid, diff jsonb, actor_id uuid, request_id text,
    at timestamptz, hash text)
), promised as (
  insert into job (id, org_id, queue, kind, args, event_seq, run_at, created_at, trace)
  select * from jsonb_to_recordset(cast(:jobs as jsonb)) as row (
    id uuid, org_id uuid, queue text, kind text, args jsonb, event_seq bigint, run_at timestamptz,
    created_at timestamptz, trace text)
)
update feed set audit_hash = :head where org_id = :org
""")


async def _append(db: Db, org_id: Id, items: list[_Recorded], trace: str | None) -> Wake:
    scope: Scope | None = db.info.get("scope")
    foreign = scope is not None and scope.org_id != org_id
    if foreign:
        await db.execute(_BORROW, {"org": str(org_id)})
    locked = await db.execute(_LOCK, {"org": org_id, "epoch": new_id(), "n": len(items), "genesis": GENESIS})
    last, head, at = locked.one()
    events, audits, jobs = [], [], []
    for seq, item in enumerate(items, last - len(items) + 1):
        row = _event_row(item.fact, seq, at, scope)
        audit = _audit_row(row, item.diff)
        head = chain_hash(head, audit)
        events.append(row)
        audits.append({**audit, "hash": head.hex()})
        jobs += _job_rows(item.fact, row, at, trace)
    rows = {"events": _json(events), "audits": _json(audits), "jobs": _json(jobs)}
    await db.execute(_APPEND, {**rows, "head": head, "org": org_id})
    if scope is not None and foreign:
        await db.execute(_BORROW, {"org": str(scope.org_id or "")})
    return Wake(org_id, last)


def _json(rows: list[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()


def _event_row(fact: Fact, seq: int, at: datetime, scope: Scope | None) -> dict[str, Any]:
    payload = msgspec.to_builtins(fact)
    tag = payload.pop("tag")
    return {
        "org_id": fact.org_id,
        "seq": seq,
        "id": new_id(),
        "tag": tag,
        "payload": payload,
        "branch_id": fact.branch_id,
        "actor_id": scope.actor_id if scope else None,
        "request_id": scope.request_id if scope else None,
        "at": at,
    }


def _audit_row(row: dict[str, Any], diff: dict[str, Any]) -> dict[str, Any]:
    return {
        "org_id": row["org_id"],
        "seq": row["seq"],
        "action": row["tag"],
        "entity": row["tag"].partition(".")[0],
        "entity_id": Id(row["payload"]["id"]),
        "diff": diff,
        "actor_id": row["actor_id"],
        "request_id": row["request_id"],
        "at": row["at"],
    }


def chain_hash(previous: bytes, audit: Mapping[str, Any]) -> bytes:
    """SHA-256 over the previous hash and the record's fields in a fixed order, as canonical JSON."""
    fields = ("org_id", "seq", "action", "entity", "entity_id", "diff", "actor_id", "request_id", "at")
    canonical = msgspec.json.encode([_plain(audit[name]) for name in fields], order="sorted")
    return hashlib.sha256(previous + canonical).digest()


def _job_rows(fact: Fact, row: dict[str, Any], at: datetime, trace: str | None) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "org_id": fact.org_id,
            "queue": reaction.queue,
            "kind": reaction.kind,
            "args": {"tag": row["tag"], "fact": row["payload"]},
            "event_seq": row["seq"],
            "run_at": at,
            "created_at": at,
            "trace": trace,
        }
        for reaction in _table[type(fact)].do
    ]


def wake(wakes: Sequence[Wake]) -> None:
    """Tell this process's wakers; called after commit only. A lost wake-up costs a poll, never a fact."""
    if wakes:
        for waker in _wakers:
            waker(wakes)
