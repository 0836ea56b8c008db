"""Kill, freeze, empty and cut off everything under a live desk; nothing may be lost, doubled or told out of order.

    python -m loadtests.bench_faults [--kills 50] [--seed N] [--rate 16] [--workers 4] [--machines 64]

Its own PostgreSQL (durable settings) and Valkey on free ports, its own web processes and workers, a small proxy on
every link between them and their clients; writers that open leads over HTTP, each again with the same key until it is
acknowledged; machines and pages that listen on `/live` and come back with their position. Over them a seeded nemesis:
SIGKILL of web, worker, Valkey (which comes back empty) and PostgreSQL, SIGSTOP of workers past their leases, of web
and of Valkey, links cut, blackholed, refused and slowed. When all is calm, what was acknowledged, what is there and
what everybody heard are compared. The last line is one JSON object.
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
from urllib.parse import urlsplit, urlunsplit

import msgspec

from app.core import migrate, settings
from app.core.embedded.children import Child
from app.core.embedded.nursery import PROGRAMS as OURS
from app.core.embedded.nursery import Nursery
from app.core.embedded.process import free_port
from app.core.embedded.servers import Servers
from app.core.embedded.state import DataDirectory
from loadtests.faults import alarms, recovery, report, trade, verdict, world
from loadtests.faults.audience import ARRIVAL_S
from loadtests.faults.nemesis import KINDS, Nemesis
from loadtests.faults.proxy import Link

WEBS = 2
QUIET_S = 60.0
PROGRAMS = ("DESK_PG_BIN", "DESK_REDIS_BIN", "DESK_PG_OS_USER")


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    path = Path(tempfile.mkdtemp(prefix="desk-faults-"))
    path.chmod(0o711)
    directory = DataDirectory(path)
    programs = {name: os.environ[name] for name in PROGRAMS if name in os.environ}
    servers = Servers(directory, directory.hold(), settings.load(programs))
    try:
        servers.start()
        return Run(options, servers, path).run()
    finally:
        servers.stop()
        directory.let_go()
        if options.keep:
            _say(f"kept {path}")
        else:
            shutil.rmtree(path, ignore_errors=True)


class Run:
    """One run over servers that have just been started."""

    def __init__(self, options: argparse.Namespace, servers: Servers, path: Path) -> None:
        self.options, self.servers, self.path = options, servers, path
        self.urls = servers.environment()
        self.owner_url = self.urls["DATABASE_OWNER_URL"]
        targets = [free_port() for _ in range(WEBS)]
        self.links = self._links(targets)
        self.environ = self._environ()
        self.nursery = Nursery(path / "nursery.log", self.environ, (*OURS, "loadtests.faults.trade"))
        self.nursery.start()
        self._prepare()
        web, worker = self._through("web"), self._through("worker")
        webs = [self._child(f"web-{n}", "web", DESK_PORT=str(port), **web) for n, port in enumerate(targets, 1)]
        workers = [self._child(f"worker-{n}", "worker", **worker) for n in range(1, options.workers + 1)]
        described = json.dumps([msgspec.to_builtins(link) for link in self.links.values()])
        self.proxy = self._child("proxy", "proxy", described)
        self.writer = self._child("writer", "writer", str(options.seed), str(options.rate))
        self.audience = self._child("audience", "audience", str(options.machines), str(options.pages))
        control = path / "proxy.sock"
        self.nemesis = Nemesis(
            servers, control, tuple(self.links), seed=options.seed, webs=webs, workers=workers, only=options.only
        )
        self.began = time.monotonic()

    def _links(self, webs: list[int]) -> dict[str, Link]:
        assert self.servers.postgres is not None
        assert self.servers.valkey is not None
        targets = {
            f"{who}-{name}": port
            for who in ("web", "worker")
            for name, port in (("postgres", self.servers.postgres.port), ("valkey", self.servers.valkey.port))
        } | {f"front-{n}": port for n, port in enumerate(webs, 1)}
        return {name: Link(name, free_port(), target) for name, target in targets.items()}

    def _environ(self) -> dict[str, str]:
        fronts = [link.port for name, link in self.links.items() if name.startswith("front")]
        (self.path / "fronts.json").write_text(json.dumps(fronts))
        return {
            **os.environ, **self.urls, "PYTHONPATH": str(Path(__file__).parents[1]), "BENCH_DIR": str(self.path),
            "DESK_DATA": str(self.path),
            "BASE_URL": f"http://127.0.0.1:{fronts[0]}", "RATE_FACTOR": "10000",
            "ALLOWED_HOSTS": ",".join(f"127.0.0.1:{port}" for port in fronts),
            "WORKER_METRICS_PORT": "0", "LOG_LEVEL": "warning", "DATABASE_POOL": "6",
        }  # fmt: skip

    def _through(self, who: str) -> dict[str, str]:
        """The addresses of the servers as `who` reaches them: by a link of its own."""
        changed = {}
        for name, server in (
            ("DATABASE_URL", "postgres"),
            ("DATABASE_SYSTEM_URL", "postgres"),
            ("REDIS_URL", "valkey"),
        ):
            address = urlsplit(self.urls[name])
            login = address.netloc.rpartition("@")[0]
            port = self.links[f"{who}-{server}"].port
            changed[name] = urlunsplit(address._replace(netloc=f"{login}@127.0.0.1:{port}"))
        return changed

    def _child(self, name: str, module: str, *arguments: str, **environ: str) -> Child:
        program = ("-m", f"loadtests.faults.{module}", *arguments)
        return Child(name, program, self.path / f"{name}.log", {**self.environ, **environ}, self.nursery)

    def _prepare(self) -> None:
        passwords = {role: self.servers.state.password(f"desk_{role}") for role in ("app", "system")}
        migrate.upgrade(self.owner_url, app_password=passwords["app"], system_password=passwords["system"])
        asyncio.run(trade.build(self.owner_url))
        found = settings.load({**self.environ, "DESK_DEMO": "1"})
        settings.install(found)
        trade.wire()
        world.save(asyncio.run(world.build(found)), self.path)

    def run(self) -> int:
        helpers = (self.proxy, self.writer, self.audience)
        try:
            self.proxy.start()
            self.nemesis.start()
            self.audience.start()
            self.writer.start()
            self._warm_up()
            self._plant()
            self._strike_all()
            self.nemesis.relent()
            self._end(self.writer, 30)
            left = self._settle()
            recovery.write(self.path, self.nemesis.faults)
            self._end(self.audience, ARRIVAL_S + 20)
            outage = self._outage()
        finally:
            self.nemesis.stop()
            for helper in helpers:
                if helper.process is not None:
                    helper.process.kill()
                    helper.process.wait()
            self.nursery.stop()
        return self._tell(left, outage)

    def _warm_up(self) -> None:
        """Wait until leads are served and heard of: killing what has not started proves nothing."""
        until = time.monotonic() + QUIET_S
        while asyncio.run(verdict.done(self.owner_url)) < 10:
            self.nemesis.rest(0.3)
            if time.monotonic() > until:
                raise SystemExit("nothing was served within a minute, before any fault; --keep keeps the logs")

    def _plant(self) -> None:
        """Deadlines that fall due while the faults happen, two timers each."""
        options, url = self.options, self.owner_url
        span_s = max(10.0, options.kills * options.gap)
        asyncio.run(alarms.plant(url, "storm", options.timers // 2, first_s=5.0, span_s=span_s))

    def _outage(self) -> alarms.Outage:
        """For an hour nobody was there: everything that fell due meanwhile fires once, as fast as they can."""
        workers = self.nemesis.send_workers_away()
        asyncio.run(alarms.plant(self.owner_url, "hour", self.options.timers // 2, first_s=-3600.0, span_s=3600.0))
        self.nemesis.call_back(workers)
        until = time.monotonic() + QUIET_S
        while asyncio.run(alarms.left(self.owner_url)) and time.monotonic() < until:
            self.nemesis.rest(0.3)
        return asyncio.run(alarms.outage(self.owner_url, "hour"))

    def _strike_all(self) -> None:
        options, began = self.options, time.monotonic()
        chance = random.Random(options.seed + 1)
        for number in range(1, options.kills + 1):
            fault = self.nemesis.strike()
            _progress(number, options.kills, fault.name, time.monotonic() - began)
            self.nemesis.rest(chance.uniform(0.6, 1.4) * options.gap)
        _say("")

    def _end(self, helper: Child, within_s: float) -> None:
        """Ask `helper` to finish, and keep the desk running meanwhile."""
        assert helper.process is not None
        helper.process.terminate()
        until = time.monotonic() + within_s
        while helper.process.poll() is None:
            self.nemesis.rest(0.1)
            if time.monotonic() > until:
                raise SystemExit(f"the {helper.name} did not end; --keep keeps the logs")

    def _settle(self) -> int:
        """Wait until no job is open; how many still are when for a minute their number has not fallen."""
        until, least = time.monotonic() + QUIET_S, sys.maxsize
        while least and time.monotonic() < until:
            self.nemesis.rest(0.3)
            left = asyncio.run(verdict.open_jobs(self.owner_url)) + asyncio.run(alarms.left(self.owner_url))
            if left < least:
                least, until = left, time.monotonic() + QUIET_S
        return least

    def _tell(self, left: int, outage: alarms.Outage) -> int:
        found = asyncio.run(verdict.judge(self.owner_url, self.path))
        late = asyncio.run(alarms.judge(self.owner_url, "storm", self.nemesis.faults))
        told = report.figures(found, self.path, self.nemesis.faults, left=left, late=late, outage=outage)
        print(json.dumps({**told, "seconds": round(time.monotonic() - self.began, 1), "seed": self.options.seed}))
        return 0 if report.good(told) else 1


def _progress(number: int, total: int, name: str, spent: float) -> None:
    pace = f"{60 * number / spent:3.0f} faults/min, {spent / number * (total - number):4.0f} s left"
    _say(f"\r{number}/{total} {name:<24} {spent:4.0f} s, {pace} ", end="")


def _say(line: str, end: str = "\n") -> None:
    if sys.stderr.isatty():
        print(line, end=end, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50, help="faults of every kind")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--rate", type=float, default=16, help="leads a second")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--timers", type=int, default=10_000, help="deadlines and warnings that come due meanwhile")
    parser.add_argument("--machines", type=int, default=64, help="JSON sockets")
    parser.add_argument("--pages", type=int, default=8, help="sockets of HTML pages")
    parser.add_argument("--gap", type=float, default=4, help="seconds between faults, on average")
    parser.add_argument(
        "--only", nargs="*", default=(), choices=KINDS, metavar="KIND", help="kinds of faults, instead of all"
    )
    parser.add_argument("--keep", action="store_true", help="leave the directory with its logs")
    options = parser.parse_args()
    if not 1 <= options.kills <= 1000 or options.workers < 2 or not 0 < options.rate <= 200:
        parser.error("kills 1-1000, workers at least 2, rate above 0 and at most 200")
    if not 2 <= options.timers <= 200_000:
        parser.error("timers 2-200,000")
    if not 1 <= options.machines + options.pages <= 72:
        parser.error("at most 72 listeners: a person may have twenty sockets in one process")
    return options


if __name__ == "__main__":
    sys.exit(main())
