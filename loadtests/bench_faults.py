"""Kill, freeze and empty everything under the jobs a hundred times; nothing may be lost or happen twice.

    python -m loadtests.bench_faults [--kills 100] [--seed N] [--rate 10] [--workers 4]

Its own PostgreSQL (durable settings) and Valkey on free ports, its own workers, a writer that repeats each order with
the same key until its commit is acknowledged, and a seeded nemesis: SIGKILL of workers, of Valkey (which comes back
empty) and of PostgreSQL, SIGSTOP of workers for longer than a lease. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from app.core import migrate
from app.core.embedded.children import Child
from app.core.embedded.servers import Servers
from app.core.embedded.state import DataDirectory
from app.core.settings import load
from loadtests.faults import trade, verdict
from loadtests.faults.nemesis import Nemesis

QUIET_S = 60.0
PROGRAMS = ("DESK_PG_BIN", "DESK_REDIS_BIN", "DESK_PG_OS_USER")


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    path = Path(tempfile.mkdtemp(prefix="desk-faults-"))
    path.chmod(0o711)
    directory = DataDirectory(path)
    programs = {name: os.environ[name] for name in PROGRAMS if name in os.environ}
    servers = Servers(directory, directory.hold(), load(programs))
    try:
        servers.start()
        return _run(options, servers, path)
    finally:
        servers.stop()
        directory.let_go()
        if options.keep:
            _say(f"kept {path}")
        else:
            shutil.rmtree(path, ignore_errors=True)


def _run(options: argparse.Namespace, servers: Servers, path: Path) -> int:
    urls = servers.environment()
    passwords = {role: servers.state.password(f"desk_{role}") for role in ("app", "system")}
    migrate.upgrade(urls["DATABASE_OWNER_URL"], app_password=passwords["app"], system_password=passwords["system"])
    asyncio.run(trade.build(urls["DATABASE_OWNER_URL"]))
    environ = {
        **os.environ, **urls, "PYTHONPATH": str(Path(__file__).parents[1]), "BENCH_DIR": str(path),
        "WORKER_METRICS_PORT": "0", "LOG_LEVEL": "warning", "DATABASE_POOL": "9",
    }  # fmt: skip
    nemesis = Nemesis(servers, environ, path, seed=options.seed, workers=options.workers)
    arguments = ("-m", "loadtests.faults.writer", str(options.seed), str(options.rate))
    writer = Child("writer", arguments, path / "writer.log", environ)
    began = time.monotonic()
    try:
        nemesis.start()
        writer.start()
        _warm_up(nemesis, urls["DATABASE_OWNER_URL"])
        chance = random.Random(options.seed + 1)
        for number in range(1, options.kills + 1):
            fault = nemesis.strike()
            _progress(number, options.kills, fault.kind, began)
            _wait(nemesis, chance.uniform(0.6, 1.4) * options.gap)
        assert writer.process is not None
        writer.process.terminate()
        writer.process.wait(20)
        left = _settle(nemesis, urls["DATABASE_OWNER_URL"])
        found = asyncio.run(verdict.judge(urls["DATABASE_OWNER_URL"], path, nemesis.faults))
    finally:
        nemesis.stop()
        if writer.process is not None and writer.process.poll() is None:
            writer.process.kill()
    kinds = [fault.kind for fault in nemesis.faults]
    figures = {
        "faults": len(kinds),
        "kinds": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        **{name: getattr(found, name) for name in found.__struct_fields__},
        "open_at_end": left,
        "seconds": round(time.monotonic() - began, 1),
        "seed": options.seed,
    }
    good = not (found.lost or found.duplicated or found.disorder or found.dead or left) and found.worst_recovery_s <= 15
    print(json.dumps(figures))
    return 0 if good and found.acked else 1


def _wait(nemesis: Nemesis, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        nemesis.tend()
        time.sleep(0.05)


def _warm_up(nemesis: Nemesis, url: str) -> None:
    """Wait until orders are served: killing what has not started proves nothing."""
    until = time.monotonic() + QUIET_S
    while asyncio.run(verdict.served(url)) < 20:
        _wait(nemesis, 0.3)
        if time.monotonic() > until:
            raise SystemExit("nothing was served within a minute, before any fault")


def _settle(nemesis: Nemesis, url: str) -> int:
    """Wait until no job is open; how many still are when patience ends."""
    until, left = time.monotonic() + QUIET_S, -1
    while left and time.monotonic() < until:
        _wait(nemesis, 0.3)
        left = asyncio.run(verdict.open_jobs(url))
    nemesis.thaw_all()
    return left


def _progress(number: int, total: int, kind: str, began: float) -> None:
    spent = time.monotonic() - began
    _say(f"\r{number}/{total} {kind:<9} {spent:4.0f} s, {spent / number * (total - number):4.0f} s left ", end="")
    if number == total:
        _say("")


def _say(line: str, end: str = "\n") -> None:
    if sys.stderr.isatty():
        print(line, end=end, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--rate", type=float, default=10, help="orders a second")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--gap", type=float, default=4, help="seconds between faults, on average")
    parser.add_argument("--keep", action="store_true", help="leave the directory with its logs")
    options = parser.parse_args()
    if not 1 <= options.kills <= 1000 or options.workers < 2 or not 0 < options.rate <= 200:
        parser.error("kills 1-1000, workers at least 2, rate above 0 and at most 200")
    return options


if __name__ == "__main__":
    sys.exit(main())
