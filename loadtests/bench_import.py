"""Sheets into stock: rows a second from upload to searchable, the worker's memory, and what kills of it cost.

    python -m loadtests.bench_import [--rows 1000,10000,100000] [--kills 50] [--plain 1000] [--workers 2] [--seed 7]

Its own servers and workers of its own. For each size the sheet comes once new, once again as it was, once with one
price changed. The last line is one JSON object.
"""

import argparse
import asyncio
import contextlib
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from app import wiring
from app.core import db, render, settings
from app.core.base import Scope
from app.core.embedded.children import Child
from app.core.embedded.nursery import Nursery
from app.core.ids import Id
from app.core.security import Principal
from app.feeds import queries, service
from app.feeds.api import intake
from app.feeds.schemas import RunCard, RunForm
from app.listings.schemas import ListingSearchForm
from app.orgs import queries as orgs
from app.orgs import service as org_service
from app.search.queries import search
from app.taxonomy.service import seed as seed_places
from app.vehicles.service import seed as seed_vehicles
from loadtests.imports import plain, sheets
from loadtests.live.desk import Desk

GOAL_ROWS_S, GOAL_MB, GOAL_KILLS = 3_000, 300, 1.5
_OVER = ("done", "failed", "stopped", "held")


class Workers:
    """Worker processes, the peak of memory of the biggest sampled, killed and started again at will."""

    def __init__(self, desk: Desk, environ: dict[str, str]) -> None:
        self._desk, self._environ = desk, environ
        self._nursery = Nursery(desk.path / "nursery.log", environ)
        self._nursery.start()
        self._nursery.wait(30)
        self.peak = 0
        self._children: list[Child] = []
        self._ends = threading.Event()
        threading.Thread(target=self._sample, daemon=True).start()

    def __len__(self) -> int:
        return len(self._children)

    def start(self) -> None:
        name = f"worker-{len(self._children)}"
        log = self._desk.path / f"{name}.log"
        child = Child(name, ("-m", "app.cli", "worker"), log, self._environ, self._nursery)
        child.start()
        self._children.append(child)

    def strike(self, at: int) -> None:
        """SIGKILL, and another in its place."""
        process = self._children[at].process
        assert process is not None
        process.kill()
        process.wait()
        self._children[at].start()

    def stop(self) -> None:
        self._ends.set()
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.insist(time.monotonic() + 20)
        self._nursery.stop()

    def _sample(self) -> None:
        while not self._ends.wait(0.1):
            for child in list(self._children):
                with contextlib.suppress(psutil.Error):
                    if child.process is not None:
                        self.peak = max(self.peak, psutil.Process(child.process.pid).memory_info().rss)


async def _whole(who: Principal, sheet: Path, live: int | None = None) -> dict[str, Any]:
    """From the file in our hands to `live` cars that the public finds, with the rate of every stage."""
    began = time.monotonic()
    run_id = await _started(who, sheet)
    uploaded = time.monotonic()
    run = await _ended(who, run_id)
    done = time.monotonic()
    await _found(who.org_slug, run.created - run.doubted if live is None else live)
    searchable = time.monotonic()
    return {
        "rows": run.read, "created": run.created, "updated": run.updated, "unchanged": run.unchanged,
        "rejected": run.rejected, "doubted": run.doubted,
        "upload_s": round(uploaded - began, 2), "run_s": round(done - uploaded, 2),
        "search_s": round(searchable - done, 3), "rows_s": round(run.read / (searchable - began)),
        "run_rows_s": round(run.read / (done - uploaded)),
    }  # fmt: skip


async def _started(who: Principal, sheet: Path) -> Id:
    kept, looked = await intake.take_in_path(who.org_id, sheet, sheet.name)
    async with db.unit(Scope(org_id=who.org_id, actor_id=who.person_id)) as session:
        file_id = await service.keep_file(session, who, kept, looked)
        return await service.start_run(session, who, file_id, RunForm())


async def _run(who: Principal, run_id: Id) -> RunCard:
    async with db.unit(Scope(org_id=who.org_id), read=True) as session:
        return await queries.run_card(session, run_id)


async def _ended(who: Principal, run_id: Id) -> RunCard:
    while True:
        run = await _run(who, run_id)
        if run.state in _OVER:
            if run.state != "done":
                raise SystemExit(f"the run ended as {run.state}: {run.why}")
            return run
        await asyncio.sleep(0.05)


async def _found(org: str, live: int) -> None:
    """Until the public search has them all."""
    while True:
        async with db.unit(Scope(), read=True) as session:
            found = await search(session, ListingSearchForm(org=(org,)))
        if found.total >= live:
            return
        await asyncio.sleep(0.02)


async def _killed(
    who: Principal, workers: Workers, sheet: Path, kills: int, calm_s: float, seed: int
) -> dict[str, Any]:
    """The same import with one of the workers killed so many times, spread over it, and started again at once."""
    chance = random.Random(seed)
    run_id = await _started(who, sheet)
    began = time.monotonic()
    back, at, done, spent = 0, 0, 0, 0.0
    while True:
        run = await _run(who, run_id)
        back += run.read < at
        at = run.read
        if run.state in _OVER:
            break
        rows = run.total or 1
        if done < kills and at >= rows * (done + chance.random()) / kills:
            workers.strike(chance.randrange(len(workers)))
            done += 1
        await asyncio.sleep(0.02)
    spent = time.monotonic() - began
    return {
        "kills": done, "state": run.state, "rows": run.read, "created": run.created, "went_back": back,
        "seconds": round(spent, 1), "calm_seconds": round(calm_s, 1), "times_calm": round(spent / calm_s, 2),
        "rejected": run.rejected, "skipped": run.skipped,
    }  # fmt: skip


async def _measure(options: argparse.Namespace, desk: Desk, workers: Workers) -> dict[str, Any]:
    found: dict[str, Any] = {"seed": options.seed, "sizes": []}
    who = await _owner()
    calm = 0.0
    for rows in options.rows:
        sheet = sheets.write(desk.path / f"sheet-{rows}.csv", rows, seed=options.seed)
        other = sheets.write(desk.path / f"other-{rows}.csv", rows, seed=options.seed, changed=rows // 2)
        await _empty(desk)
        first = await _whole(who, sheet)
        live = first["created"] - first["doubted"]
        calm = first["run_s"]
        size = {
            "new": first,
            "again": await _whole(who, sheet, live),
            "one_price": await _whole(who, other, live),
            "worker_mb": round(workers.peak / 1e6),
        }
        print(json.dumps({str(rows): size}), flush=True)
        found["sizes"].append(size)
    if options.plain:
        found["plain_rows_s"] = round(await plain.rows_per_second(who, sheet, options.plain), 1)
        found["times_plain"] = round(found["sizes"][-1]["new"]["rows_s"] / found["plain_rows_s"], 1)
    if options.kills:
        await _empty(desk)
        found["killed"] = await _killed(who, workers, sheet, options.kills, calm, options.seed)
    return found


async def _owner() -> Principal:
    org_id = await orgs.org_id_of("ravi")
    who = await orgs.head_of(org_id) if org_id else None
    assert who is not None
    return who


async def _empty(desk: Desk) -> None:
    """No stock: every size starts from nothing."""
    engine = db.engine(desk.owner_url, "desk_owner", size=1, statement_s=120)
    async with engine.begin() as connection:
        tables = "listing, feed_change, feed_file, feed_mapping"
        await connection.execute(text(f"truncate {tables} cascade"))
    await engine.dispose()


async def _all(options: argparse.Namespace, desk: Desk, workers: Workers) -> dict[str, Any]:
    found = desk.settings()
    settings.install(found)
    render.install(found)
    wiring.install()
    database = db.Database(found, statement_s=60)
    db.install(database)
    try:
        async with db.system() as session:
            await seed_places(session)
            await seed_vehicles(session)
        await org_service.seed(found)
        return await _measure(options, desk, workers)
    finally:
        db.install(None)
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--rows", type=lambda said: [int(one) for one in said.split(",")], default=[1000, 10_000, 100_000]
    )
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--plain", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if not options.rows or not all(1 <= rows <= 1_000_000 for rows in options.rows) or not 0 <= options.kills <= 500:
        parser.error("rows 1-1,000,000, kills 0-500")
    if not 1 <= options.workers <= 8:
        parser.error("workers 1-8")
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as directory:
        desk = Desk(Path(directory))
        desk.start()
        desk.migrate()
        workers = Workers(desk, {**desk.environ(), "WORKER_METRICS_PORT": "0"})
        for _ in range(options.workers):
            workers.start()
        try:
            found = asyncio.run(_all(options, desk, workers))
        finally:
            workers.stop()
            desk.stop()
    last = found["sizes"][-1]
    found["goals"] = {
        "rows_s": last["new"]["rows_s"] >= GOAL_ROWS_S, "worker_mb": last["worker_mb"] <= GOAL_MB,
        "kills": "killed" not in found or found["killed"]["times_calm"] <= GOAL_KILLS,
    }  # fmt: skip
    print(json.dumps(found))
    exact = "killed" not in found or (
        found["killed"]["went_back"] == 0 and found["killed"]["created"] == options.rows[-1]
    )
    return 0 if exact else 1


if __name__ == "__main__":
    sys.exit(main())
