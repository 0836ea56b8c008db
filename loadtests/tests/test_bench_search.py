"""The search bench in small: it ends in one line of figures, and what it asks comes again by its seed."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

from loadtests.search.measure import spread
from loadtests.search.stock import Sold
from loadtests.search.workload import questions

ROOT = Path(__file__).parents[2]
SOLD = Sold(1000, ["bench-0000", "bench-0001"], [("lahore", 22.0), ("karachi", 21.0)], [("honda", "civic", 9)])


def test_the_same_seed_asks_the_same_and_another_something_else() -> None:
    first, again, other = (list(itertools.islice(questions(SOLD, seed), 200)) for seed in (7, 7, 8))

    assert first == again != other
    assert {one.kind for one in first} == {"facet", "text", "typo"}
    assert any(one.form.page > 3 for one in first)
    assert all(bool(one.form.q) == (one.kind != "facet") for one in first)


def test_a_spread_is_of_what_was_measured() -> None:
    assert spread([float(ms) for ms in range(1, 101)]) == {"n": 100, "p50": 50, "p95": 95, "p99": 99, "max": 100}


def test_a_small_run_ends_in_one_line_of_figures() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "loadtests.bench_search", "--listings", "600", "--queries", "12", "--pages", "5",
         "--plain", "5"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout.splitlines()[-1])
    assert (found["seed"], found["goals"]) == (7, {})
    (size,) = found["sizes"]
    assert size["listings"] == 600
    for name in ("engine_1", "engine_4", "page_1", "page_4", "visible", "plain"):
        assert 0 < size[name]["p50"] <= size[name]["p95"] <= size[name]["p99"]
    assert size["times_plain"]["cpu_ms"] > 0
