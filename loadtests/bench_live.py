"""`make bench-live`: how fast a lead is on every screen, and what one delivery costs, beside others that do the same.

    python -m loadtests.bench_live [--quick] [--only whole,fanout,…] [--kinds raw,socketio,…] [--seed N]

Everything in one run on one machine: servers of its own, the product's web processes, the load. The last line is one
JSON object.
"""

import argparse
import asyncio
import json
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from loadtests.live import fanout, goals, screens
from loadtests.live.client import compiled
from loadtests.live.desk import Desk
from loadtests.live.fanout import Place
from loadtests.live.measure import load_average
from loadtests.live.options import Options

_ON_DESK: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "whole": screens.whole,
    "pair": screens.pair,
    "redis_absent": screens.redis_absent,
    "stuck": screens.stuck,
    "memory": screens.memory,
}
_ON_REDIS: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {"fanout": fanout.fanout, "http": fanout.crowded}
PARTS = (*_ON_DESK, *_ON_REDIS)
_PYTHON_CLIENT = [sys.executable, "-m", "loadtests.live.slow_client"]


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    began, load = time.monotonic(), load_average()
    client = compiled()
    path = Path(tempfile.mkdtemp(prefix="desk-live-"))
    desk = Desk(path)
    try:
        desk.start()
        told = _measure(desk, client or _PYTHON_CLIENT, options)
    finally:
        desk.stop()
        shutil.rmtree(path, ignore_errors=True)
    if client is None:
        told["void"] = "no C compiler: the Python load client costs more than the servers, so that all ratios are void"
    told["goals"] = goals.judge(told)
    told["met"] = all(goal["met"] for goal in told["goals"].values())
    _say("\n")
    print(json.dumps({
        **told, "client": "python" if client is None else "c",
        "load_average": {"before": load, "after": load_average()},
        "seconds": round(time.monotonic() - began, 1), "seed": options.seed,
    }))  # fmt: skip
    return 0 if goals.whole(told) else 1


def _measure(desk: Desk, client: list[str], options: Options) -> dict[str, Any]:
    told: dict[str, Any] = {}
    wanted = [part for part in PARTS if part in (options.only or PARTS)]
    if any(part in _ON_DESK for part in wanted):
        _say("preparing the desk")
        most = max(options.whole.sockets, options.absent.sockets, options.stuck.sockets)
        desk.prepare(max(most, *options.memory) if "memory" in wanted else most)
    place = Place(desk.redis_url, desk.valkey_pid, desk.path)
    for part in wanted:
        ground: Any = desk if part in _ON_DESK else place
        told[part] = asyncio.run({**_ON_DESK, **_ON_REDIS}[part](ground, client, options, _say))  # type: ignore[arg-type]
    return told


def _say(line: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def _options() -> Options:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes: shows that it works")
    parser.add_argument("--only", default="", help=f"parts, comma separated: {', '.join(PARTS)}")
    parser.add_argument("--kinds", default="", help="kinds of server in the fan-out, comma separated, instead of all")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    given = parser.parse_args()
    only, kinds = (tuple(filter(None, text.split(","))) for text in (given.only, given.kinds))
    if set(only) - set(PARTS) or set(kinds) - set(fanout.peers.NAMES):
        parser.error(f"parts are {', '.join(PARTS)}; kinds are {', '.join(fanout.peers.NAMES)}")
    options = Options(seed=given.seed, only=only, kinds=kinds)
    return options.quick() if given.quick else options


if __name__ == "__main__":
    sys.exit(main())
