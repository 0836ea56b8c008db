"""The verdict on what was written: what was acknowledged against what is there, once everything is calm."""

from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
from msgspec import Struct

from loadtests.faults import recovery
from loadtests.faults.recovery import Fault, Judge, Waits
from loadtests.faults.trade import QUERIES

_REAL_TIME_S = 0.005
"""Two clocks of one machine, read in two processes."""


class Ack(Struct, frozen=True):
    lead: str
    org: str
    began: float
    ended: float


class Verdict(Struct):
    acked: int
    lost: int
    """Leads that were acknowledged or are in the feed and were not served."""
    duplicated: int
    """Leads opened, announced or served more than once, and jobs whose number differs from the leads'."""
    unacked_present: int
    """Commits whose answer was lost for good, because the run ended first."""
    disorder: int
    """Feeds whose numbers have a gap or whose head is not their last event; leads acknowledged before another began
    and yet behind it in the feed."""
    dead: int
    failures: int
    """Of jobs. None fails by itself here: each would be an outage counted as the job's fault."""
    jobs: int
    runs: int
    """Runs that were started; above `jobs` are those that faults cut short."""
    crashes: int
    waits: Waits


async def open_jobs(url: str) -> int:
    return await _count(url, "select count(*) from job where done_at is null and dead_at is null")


async def done(url: str) -> int:
    return await _count(url, QUERIES.done_count)


async def _count(url: str, question: str) -> int:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()


async def judge(url: str, directory: Path) -> Verdict:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            placed = Counter(str(row[0]) for row in await connection.fetch(QUERIES.placed))
            served = Counter(str(row[0]) for row in await connection.fetch(QUERIES.done))
            told_placed = Counter(await _ids(connection, QUERIES.placed_tag))
            told_served = Counter(await _ids(connection, QUERIES.done_tag))
            order = await connection.fetch(
                "select payload ->> 'id', org_id::text from event where tag = $1 order by org_id, seq",
                QUERIES.placed_tag,
            )
            jobs = await connection.fetch(
                "select id, extract(epoch from created_at)::float as made, extract(epoch from done_at)::float as done, "
                "dead_at is not null as dead, crashes, failures, kind from job"
            )
            disorder = await connection.fetchval(
                "select count(*) from feed f where seq <> (select count(*) from event e where e.org_id = f.org_id) "
                "or seq <> (select max(seq) from event e where e.org_id = f.org_id)"
            )
    finally:
        await connection.close()
    acks = {ack.lead: ack for ack in _acks(directory / "acked")}
    starts = _starts(directory / "starts")
    faults = recovery.read(directory)
    serving = [job for job in jobs if job["kind"].endswith(QUERIES.job)]
    return Verdict(
        acked=len(acks),
        lost=sum(lead not in served or lead not in placed for lead in {*acks, *placed, *told_placed}),
        duplicated=sum(n > 1 for counts in (placed, served, told_placed, told_served) for n in counts.values())
        + abs(len(serving) - len(told_placed)) + abs(len(told_served) - len(served)),
        unacked_present=len(set(placed) - set(acks)),
        disorder=disorder + _out_of_time([acks[row[0]] for row in order if row[0] in acks]),
        dead=sum(job["dead"] for job in jobs),
        failures=sum(job["failures"] for job in jobs),
        jobs=len(serving),
        runs=sum(len(found) for found in starts.values()),
        crashes=sum(job["crashes"] for job in jobs),
        waits={**_write_waits(acks.values(), faults), **_job_waits(serving, starts, faults)},
    )  # fmt: skip


async def _ids(connection: Any, tag: str) -> list[str]:
    return [row[0] for row in await connection.fetch("select payload ->> 'id' from event where tag = $1", tag)]


def _acks(path: Path) -> list[Ack]:
    lines = [line.split() for line in path.read_text().splitlines()]
    return [Ack(lead, org, float(began), float(ended)) for lead, org, began, ended in lines]


def _out_of_time(in_feed: list[Ack]) -> int:
    """Acknowledged before another began, and yet behind it."""
    wrong, org, earliest_end = 0, "", 0.0
    for ack in reversed(in_feed):
        if ack.org != org:
            org, earliest_end = ack.org, ack.ended
        wrong += earliest_end < ack.began - _REAL_TIME_S
        earliest_end = min(earliest_end, ack.ended)
    return wrong


def _write_waits(acks: Any, faults: list[Fault]) -> Waits:
    waits = Judge("write", faults)
    for ack in acks:
        waits.add(ack.began, ack.ended, f"lead {ack.lead[:8]}")
    return waits.found


def _starts(path: Path) -> dict[str, list[tuple[float, int]]]:
    found: dict[str, list[tuple[float, int]]] = {}
    for line in path.read_text().splitlines():
        at, pid, job = line.split()
        found.setdefault(job, []).append((float(at), int(pid)))
    return found


def _job_waits(jobs: list[Any], starts: dict[str, list[tuple[float, int]]], faults: list[Fault]) -> Waits:
    """A fault of a server or its link hits every job open meanwhile; one of a worker those it had begun."""
    waits = Judge("job", faults)
    of_workers = [fault for fault in faults if fault.kind in ("worker", "freeze")]
    for job in jobs:
        if job["done"] is None:
            continue
        begun = starts.get(str(job["id"]), [])
        hits = [fault for fault in of_workers if _held(fault, job, begun)]
        runs = "".join(f", run {at - job['made']:.1f}" for at, _ in begun)
        waits.add(job["made"], job["done"], f"{job['crashes']} crashes{runs}", hits)
    return waits.found


def _held(fault: Fault, job: Any, starts: list[tuple[float, int]]) -> bool:
    if job["made"] >= fault.ended or job["done"] <= fault.began:
        return False
    before = [pid for at, pid in starts if at <= fault.began]
    return bool(before) and before[-1] == fault.pid
