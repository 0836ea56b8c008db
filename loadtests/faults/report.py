"""The figures of a fault run, and whether they are good."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from loadtests.faults.alarms import Lateness, Outage
from loadtests.faults.audience import Heard
from loadtests.faults.recovery import Fault
from loadtests.faults.verdict import Verdict

WORST_S = 15.0
_ON_PURPOSE = "503"


def figures(
    found: Verdict, directory: Path, faults: Sequence[Fault], *, left: int, late: Lateness, outage: Outage
) -> dict[str, Any]:
    """One line of JSON: what was done, what has to be zero, and how long everything took."""
    heard = msgspec.json.decode((directory / "heard.json").read_bytes(), type=Heard)
    answers: dict[str, int] = json.loads((directory / "answers.json").read_text())
    waits = {**found.waits, **heard.waits}
    worst, story = max(waits.values())
    return {
        "faults": len(faults), "kinds": dict(sorted(Counter(fault.kind for fault in faults).items())),
        "acked": found.acked, "deliveries": heard.deliveries, **_zeros(found, heard, answers, left),
        **_timers(late, outage),
        "longest_silence_s": heard.longest_silence_s, "worst_recovery_s": worst, "slowest": story,
        "recovery_s": {name: wait for name, (wait, _) in sorted(waits.items())},
        "push_p50_ms": heard.push_p50_ms, "push_p99_ms": heard.push_p99_ms,
        "sockets": heard.sockets, "reconnects": heard.reconnects, "pages": heard.pages, "patches": heard.patches,
        "resets": heard.resets, "said": heard.breaches, "answers": answers, "unacked_present": found.unacked_present,
        "jobs": found.jobs, "runs": found.runs, "crashes": found.crashes, "load": round(os.getloadavg()[1], 1),
    }  # fmt: skip


def _zeros(found: Verdict, heard: Heard, answers: dict[str, int], left: int) -> dict[str, int]:
    return {
        "lost": found.lost,
        "duplicated": found.duplicated,
        "gaps": heard.gaps,
        "repeats": heard.repeats,
        "disorder": found.disorder + heard.disorder,
        "breaches": len(heard.breaches),
        "pages_wrong": heard.pages_wrong,
        "dead": found.dead,
        "failures": found.failures,
        "open_at_end": left,
        "answered_5xx": sum(n for code, n in answers.items() if code[0] == "5" and code != _ON_PURPOSE),
    }


def _timers(late: Lateness, outage: Outage) -> dict[str, Any]:
    return {
        "timers": late.timers,
        "timers_early": late.early,
        "timers_missing": late.missing + outage.timers - outage.fired,
        "timers_twice": late.twice + outage.twice,
        "late_p50_ms": late.p50_ms,
        "late_p99_ms": late.p99_ms,
        "late_worst_ms": late.worst_ms,
        "late_p99_with_faults_ms": late.p99_all_ms,
        "after_an_hour": msgspec.to_builtins(outage),
    }


ZEROS = (
    "lost", "duplicated", "gaps", "repeats", "disorder", "breaches", "pages_wrong", "dead", "failures", "open_at_end",
    "answered_5xx", "timers_early", "timers_missing", "timers_twice",
)  # fmt: skip


def good(told: dict[str, Any]) -> bool:
    zero = not any(told[name] for name in ZEROS)
    heard = told["deliveries"] and (told["patches"] or not told["pages"])
    return bool(zero and told["acked"] and heard and told["worst_recovery_s"] <= WORST_S)
