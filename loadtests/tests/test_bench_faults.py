"""The fault run in small: the commonest kinds of faults once each, and nothing lost, doubled or out of order."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests.faults.report import ZEROS

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_six_faults_lose_nothing_double_nothing_and_tell_everything_in_order():
    done = subprocess.run(
        [
            sys.executable, "-m", "loadtests.bench_faults", "--kills", "6", "--seed", "6", "--gap", "1.7",
            "--rate", "8", "--timers", "400", "--workers", "3", "--machines", "24", "--pages", "4",
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    figures = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}

    assert figures, done.stderr[-2000:]
    assert set(figures["kinds"]) == {"freeze", "web", "valkey", "blackhole", "worker", "postgres"}
    assert figures["acked"] >= 10
    assert figures["deliveries"] >= 500
    assert figures["patches"] >= 10
    assert figures["timers"] == figures["after_an_hour"]["fired"] == 400
    assert {name: figures[name] for name in ZEROS} == dict.fromkeys(ZEROS, 0), figures
    assert figures["worst_recovery_s"] <= 20, figures["slowest"]  # 15 on a machine of its own; the suite shares it
