"""The fault run in small: each kind of fault once, and nothing lost or done twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_six_faults_lose_nothing_and_double_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "loadtests.bench_faults", "--kills", "6", "--seed", "6", "--gap", "2", "--rate", "6"],
        cwd=ROOT, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    figures = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}

    assert figures, done.stderr[-2000:]
    assert set(figures["kinds"]) == {"worker", "valkey", "postgres", "freeze"}
    assert figures["acked"] >= 10
    assert {name: figures[name] for name in ("lost", "duplicated", "disorder", "dead", "open_at_end")} == dict.fromkeys(
        ("lost", "duplicated", "disorder", "dead", "open_at_end"), 0
    )
    assert figures["worst_recovery_s"] <= 20  # 15 on a machine of its own; the suite shares it
