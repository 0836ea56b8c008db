"""The verdict: what was acknowledged against what is there, and how long each fault kept its jobs waiting."""

from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
from msgspec import Struct

from loadtests.faults.nemesis import Fault


class Verdict(Struct):
    acked: int
    lost: int
    """Orders that were acknowledged or are in the feed and were not served."""
    duplicated: int
    """Orders announced or served more than once, and jobs whose number differs from the orders'."""
    unacked_present: int
    """Commits whose answer was lost, healed by their key."""
    disorder: int
    """Feeds whose numbers have a gap, or whose heads differ from their last event."""
    dead: int
    jobs: int
    runs: int
    """Runs that were started; above `jobs` are those that faults cut short."""
    crashes: int
    worst_recovery_s: float
    worst_by_kind: dict[str, float]
    slowest: str
    """The job that waited longest, told in seconds from its promise: what hit it, when it ran, when it ended."""


async def open_jobs(url: str) -> int:
    return await _count(url, "select count(*) from job where done_at is null and dead_at is null")


async def served(url: str) -> int:
    return await _count(url, "select count(*) from served")


async def _count(url: str, question: str) -> int:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()


async def judge(url: str, directory: Path, faults: list[Fault]) -> Verdict:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            served = Counter(str(row[0]) for row in await connection.fetch("select order_id from served"))
            placed = Counter(await _ids(connection, "order.placed"))
            told = Counter(await _ids(connection, "order.served"))
            jobs = await connection.fetch(
                "select id, extract(epoch from created_at)::float as made, extract(epoch from done_at)::float as done, "
                "dead_at is not null as dead, crashes from job where kind like '%serve_order'"
            )
            disorder = await connection.fetchval(
                "select count(*) from feed f where seq <> (select count(*) from event e where e.org_id = f.org_id) "
                "or seq <> (select max(seq) from event e where e.org_id = f.org_id)"
            )
    finally:
        await connection.close()
    acked = set((directory / "acked").read_text().split())
    starts = _starts(directory / "starts")
    recovery = _recovery(jobs, starts, faults)
    return Verdict(
        acked=len(acked),
        lost=sum(order not in served for order in acked | set(placed)),
        duplicated=sum(n > 1 for counts in (served, placed, told) for n in counts.values())
        + abs(len(jobs) - len(placed)) + abs(len(told) - len(served)),
        unacked_present=len(set(placed) - acked),
        disorder=disorder,
        dead=sum(job["dead"] for job in jobs),
        jobs=len(jobs),
        runs=sum(len(found) for found in starts.values()),
        crashes=sum(job["crashes"] for job in jobs),
        worst_recovery_s=round(max(recovery.values(), default=(0.0, ""))[0], 2),
        worst_by_kind={kind: round(found, 2) for kind, (found, _) in sorted(recovery.items())},
        slowest=max(recovery.values(), default=(0.0, ""))[1],
    )  # fmt: skip


async def _ids(connection: Any, tag: str) -> list[str]:
    return [row[0] for row in await connection.fetch("select payload ->> 'id' from event where tag = $1", tag)]


def _starts(path: Path) -> dict[str, list[tuple[float, int]]]:
    found: dict[str, list[tuple[float, int]]] = {}
    for line in path.read_text().splitlines():
        at, pid, job = line.split()
        found.setdefault(job, []).append((float(at), int(pid)))
    return found


def _recovery(
    jobs: list[Any], starts: dict[str, list[tuple[float, int]]], faults: list[Fault]
) -> dict[str, tuple[float, str]]:
    """By kind of fault, the longest wait from its end to the end of a job it hit, and that job's story.

    A fault of a server hits every job that was open meanwhile; one of a worker those it had begun and not ended.
    A job that was hit again waits from the end of the last fault that hit it.
    """
    worst: dict[str, tuple[float, str]] = {}
    for job in jobs:
        if job["done"] is None:
            continue
        begun = starts.get(str(job["id"]), [])
        hits = [fault for fault in faults if _hit(fault, job, begun)]
        if hits:
            last = max(hits, key=lambda fault: fault.ended)
            waited = max(0.0, job["done"] - last.ended)
            worst[last.kind] = max(worst.get(last.kind, (0.0, "")), (waited, _story(job, hits, begun)))
    return worst


def _story(job: Any, hits: list[Fault], starts: list[tuple[float, int]]) -> str:
    made = job["made"]
    told = [(fault.began, f"{fault.kind} {fault.began - made:.1f}-{fault.ended - made:.1f}") for fault in hits]
    told += [(at, f"run {at - made:.1f}") for at, _ in starts]
    return ", ".join(line for _, line in sorted(told)) + f", done {job['done'] - made:.1f}, {job['crashes']} crashes"


def _hit(fault: Fault, job: Any, starts: list[tuple[float, int]]) -> bool:
    if job["made"] >= fault.ended or job["done"] <= fault.began:
        return False
    if fault.kind in ("valkey", "postgres"):
        return True
    before = [pid for at, pid in starts if at <= fault.began]
    return bool(before) and before[-1] == fault.pid
