"""Thousands of deadlines that come due while everything is being killed: each must be warned of and missed once.

The leads are of a dealer of their own, written straight into the tables as the desk would leave them, so that their
moments can be chosen. What is judged are the facts and the marks that the product's own sweepers wrote.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg
from msgspec import Struct

from loadtests.faults.recovery import Fault

SLUG = "alarms"
_AFTER_S = 2.0
"""How long after a fault ends nobody is yet held to be up."""


class Lateness(Struct, frozen=True):
    timers: int
    early: int
    missing: int
    twice: int
    p50_ms: float
    p99_ms: float
    """Of those that fell due while everything was up."""
    worst_ms: float
    """Of the same."""
    p99_all_ms: float
    """Of all, faults included."""


class Outage(Struct, frozen=True):
    timers: int
    fired: int
    seconds: float
    per_s: int
    twice: int


_DEALER = """
with dealer as (
  insert into org (id, slug, name, kind, created_at) values (gen_random_uuid(), $1, $1, 'dealer', now())
  on conflict (slug) do update set slug = excluded.slug returning id
), feed as (
  insert into feed (org_id, epoch, seq, audit_hash)
  select id, gen_random_uuid(), 0, decode(repeat('00', 32), 'hex') from dealer on conflict do nothing
), buyer as (
  insert into contact (id, org_id, lang, created_at) select gen_random_uuid(), id, 'en', now() from dealer returning id
) select dealer.id, buyer.id from dealer, buyer
"""

# A deadline somewhere in the span, and its warning between the span's beginning and that: both are timers.
_LEADS = """
insert into lead (id, org_id, ref, contact_id, source, opened_at, arrived_at, due_kind, due_from, due_at, warn_at,
                  alarm_at)
select gen_random_uuid(), $1, 'alarm-' || $6 || '-' || n, $2, 'web', now(), now(), 'first_response', now(), due, warn,
       warn
from (select n, now() + make_interval(secs => $4 + random() * $5) as due from generate_series(1, $3::int) n) made,
     lateral (select begun + random() * (due - begun) as warn
              from (select now() + make_interval(secs => $4 - 2) as begun) b) warned
"""
_CLOCKS = """
insert into lead_clock (id, org_id, lead_id, kind, policy_name, policy_version, hours, urgent, target_s, started_at,
                        due_at, warn_at)
select gen_random_uuid(), org_id, id, 'first_response', 'Bench', 1, 'always', false, 60, opened_at, due_at, warn_at
from lead where ref like 'alarm-' || $1 || '-%'
"""

_FIRED = """
select c.id, k.tag, extract(epoch from case k.tag when 'sla.warned' then c.warn_at else c.due_at end)::float as due,
       extract(epoch from case k.tag when 'sla.warned' then c.warned_at else c.breached_at end)::float as marked,
       (select count(*) from event e
        where e.org_id = c.org_id and e.tag = k.tag and e.payload ->> 'id' = c.lead_id::text) as told,
       (select extract(epoch from min(e.at))::float from event e
        where e.org_id = c.org_id and e.tag = k.tag and e.payload ->> 'id' = c.lead_id::text) as at
from lead_clock c join lead l on l.id = c.lead_id, (values ('sla.warned'), ('sla.breached')) k (tag)
where l.ref like 'alarm-' || $1 || '-%'
"""
_LEFT = "select count(*) from lead where ref like 'alarm-%' and alarm_at is not null"


async def plant(url: str, batch: str, leads: int, *, first_s: float, span_s: float) -> None:
    """So many leads whose deadlines fall within `span_s` from `first_s` from now; both may lie in the past."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        async with connection.transaction():
            org_id, contact_id = await connection.fetchrow(_DEALER, SLUG)
            await connection.execute(_LEADS, org_id, contact_id, leads, first_s, span_s, batch)
            await connection.execute(_CLOCKS, batch)
        await connection.execute("create index if not exists alarms_told on event (org_id, tag, (payload ->> 'id'))")
        await connection.execute("analyze lead, lead_clock")
    finally:
        await connection.close()


async def left(url: str) -> int:
    """How many leads still have something to come."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return int(await connection.fetchval(_LEFT))
    finally:
        await connection.close()


async def judge(url: str, batch: str, faults: Sequence[Fault]) -> Lateness:
    rows = await _fired(url, batch)
    late = sorted((row["at"] - row["due"]) * 1000 for row in rows if row["at"] is not None)
    up = sorted((row["at"] - row["due"]) * 1000 for row in rows if row["at"] is not None and _up(row["due"], faults))
    return Lateness(
        timers=len(rows),
        early=sum(row["marked"] is not None and row["marked"] < row["due"] for row in rows),
        missing=sum(row["told"] == 0 or row["marked"] is None for row in rows),
        twice=sum(row["told"] > 1 for row in rows),
        p50_ms=_at(up, 0.5),
        p99_ms=_at(up, 0.99),
        worst_ms=_at(up, 1.0),
        p99_all_ms=_at(late, 0.99),
    )


async def outage(url: str, batch: str) -> Outage:
    """What came of a batch that fell due while nobody was there, from the first to the last."""
    rows = await _fired(url, batch)
    moments = [row["at"] for row in rows if row["at"] is not None]
    fired, seconds = len(moments), max(moments, default=0.0) - min(moments, default=0.0)
    return Outage(
        timers=len(rows), fired=fired, seconds=round(seconds, 2), per_s=round(fired / max(0.05, seconds)),
        twice=sum(row["told"] > 1 for row in rows),
    )  # fmt: skip


async def _fired(url: str, batch: str) -> list[Any]:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        rows: list[Any] = await connection.fetch(_FIRED, batch, timeout=120)
        return rows
    finally:
        await connection.close()


def _up(moment: float, faults: Sequence[Fault]) -> bool:
    return not any(fault.began - 0.5 <= moment <= fault.ended + _AFTER_S for fault in faults)


def _at(figures: list[float], share: float) -> float:
    """A percentile; 0 of nothing."""
    return round(figures[min(len(figures) - 1, int(len(figures) * share))], 1) if figures else 0.0
