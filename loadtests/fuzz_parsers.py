"""Spoiled files through every parser of what strangers send: none may crash, hang, or fail without a name for it.

    python -m loadtests.fuzz_parsers [--minutes 20] [--kinds csv,xml,json,xlsx,archive,image] [--seed 1]

Each kind has that many minutes, two kinds at a time. A file that is a fault is kept under --keep, and its number said.
The last line printed is one JSON object.
"""

import argparse
import ctypes
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from msgspec import Struct, to_builtins

from loadtests.parsers.spoil import SEEDS, made_bad

HANG_S = 20.0
MEMORY_BYTES = 3 * 1024**3
_FRESH = multiprocessing.get_context("spawn")


class Outcome(Struct):
    files: int = 0
    taken: int = 0
    faults: int = 0
    crashes: int = 0
    hangs: int = 0
    slowest_ms: float = 0
    examples: list[str] = []


class Shared(Struct):
    """What the child has come to; the parent reads it also after the child's death."""

    number: "Synchronized[int]"
    taken: "Synchronized[int]"
    slowest: "Synchronized[float]"


def child(kind: str, seed: int, start: int, until: float, shared: Shared, said: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    warnings.simplefilter("ignore")
    from loadtests.parsers.reading import read

    seeds = SEEDS[kind]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        for number in range(start, sys.maxsize):
            if time.time() > until:
                shared.number.value = -number
                return
            shared.number.value = number
            path.write_bytes(made_bad(kind, number, seed, seeds))
            began = time.perf_counter()
            try:
                shared.taken.value += read(kind, path)
            except Exception:  # noqa: BLE001 - that is what we are after
                Path(said).write_text(traceback.format_exc()[-600:])
                sys.exit(3)
            shared.slowest.value = max(shared.slowest.value, 1000 * (time.perf_counter() - began))


def fuzz(kind: str, minutes: float, seed: int, keep: Path) -> Outcome:
    outcome, start, until = Outcome(), 0, time.time() + 60 * minutes
    shared = Shared(_FRESH.Value(ctypes.c_long, 0), _FRESH.Value(ctypes.c_long, 0), _FRESH.Value(ctypes.c_double, 0.0))
    said = keep / f"{kind}.txt"
    while time.time() < until:
        process = _FRESH.Process(target=child, args=(kind, seed, start, until, shared, str(said)))
        process.start()
        last, since = -2, time.time()
        while process.is_alive():
            process.join(0.5)
            if shared.number.value != last:
                last, since = shared.number.value, time.time()
            elif time.time() - since > HANG_S:
                process.kill()
                process.join()
        number = abs(shared.number.value)
        start = number + 1
        outcome.files = start
        if process.exitcode == 0:
            break
        path = keep / f"{kind}-{seed}-{number}"
        path.write_bytes(made_bad(kind, number, seed, SEEDS[kind]()))
        if process.exitcode == 3:
            outcome.faults += 1
            example = said.read_text()
        elif process.exitcode == -9:
            outcome.hangs += 1
            example = "did not end"
        else:
            outcome.crashes += 1
            example = f"ended with {process.exitcode}"
        outcome.examples = [*outcome.examples, f"{path}: {example}"][:5]
        print(f"{path}: {example}", flush=True)
    outcome.taken, outcome.slowest_ms = shared.taken.value, round(shared.slowest.value, 1)
    return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--kinds", default=",".join(SEEDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "spoiled")
    options = parser.parse_args(arguments)
    kinds = options.kinds.split(",")
    if unknown := set(kinds) - set(SEEDS):
        print(f"fuzz_parsers: no parser is called {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    options.keep.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as two:
        done = dict(
            zip(
                kinds, two.map(lambda kind: fuzz(kind, options.minutes, options.seed, options.keep), kinds), strict=True
            )
        )
    bad = sum(one.faults + one.crashes + one.hangs for one in done.values())
    files = sum(one.files for one in done.values())
    print(
        json.dumps(
            {"bench": "fuzz-parsers", "files": files, "bad": bad, "seed": options.seed, "kinds": to_builtins(done)}
        )
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
