"""What a run should reach, and whether it did. Goals of parts that did not run are left out."""

from collections.abc import Callable
from typing import Any

Told = dict[str, Any]


def judge(told: Told) -> dict[str, dict[str, Any]]:
    """Each goal with its limit, the value and whether it is met."""
    found = {}
    for name, (limit, most, read) in _GOALS.items():
        try:
            value = read(told)
        except KeyError:
            continue
        met = value is not None and (value <= limit if most else value >= limit)
        found[name] = {"goal": f"{'<=' if most else '>='} {limit}", "value": value, "met": met}
    return found


def whole(told: Told) -> bool:
    """Nothing was lost, doubled or out of order, however slow it was."""
    lossless = (
        "whole_lost",
        "whole_disorder",
        "pair_lost",
        "absent_lost",
        "stuck_others_lost",
        "fanout_lost",
        "http_lost",
    )
    return all(goal["met"] for name, goal in told["goals"].items() if name in lossless)


def _over(kind: str) -> Callable[[Told], Any]:
    return lambda told: told["fanout"]["ratios"][kind]


def _over_bare(told: Told) -> float:
    return round(1 / told["fanout"]["ratios"]["bare_uvloop"], 2)


# name: (limit, whether it is the most that may be, where the value is)
_GOALS: dict[str, tuple[float, bool, Callable[[Told], Any]]] = {
    "whole_p99_ms": (60, True, lambda told: told["whole"]["p99_ms"]),
    "whole_lost": (0, True, lambda told: told["whole"]["lost"] + told["whole"]["refused"]),
    "whole_disorder": (0, True, lambda told: told["whole"]["disorder"]),
    "pair_p99_ms": (60, True, lambda told: told["pair"]["p99_ms"]),
    "pair_lost": (0, True, lambda told: told["pair"]["lost"] + told["pair"]["refused"]),
    "raw_over_bare_cpu": (1.3, True, _over_bare),
    "socketio_over_raw_cpu": (1.6, False, _over("socketio")),
    "litestar_channels_over_raw_cpu": (3.5, False, _over("litestar_channels")),
    "django_channels_over_raw_cpu": (20, False, _over("django_channels")),
    "fanout_lost": (0, True, lambda told: sum(told["fanout"]["kinds"][kind]["lost"] for kind in ("raw", "portable"))),
    "kb_per_socket": (26, True, lambda told: _largest(told["memory"])["kb_per_socket"]),
    "http_p99_ms": (10, True, lambda told: told["http"]["p99_ms"]),
    "http_lost": (0, True, lambda told: told["http"]["lost"]),
    "absent_p99_ms": (1500, True, lambda told: told["redis_absent"]["p99_ms"]),
    "absent_lost": (0, True, lambda told: told["redis_absent"]["lost"] + told["redis_absent"]["refused"]),
    "stuck_others_lost": (0, True, lambda told: told["stuck"]["lost"]),
    "stuck_others_p99_ms": (60, True, lambda told: told["stuck"]["p99_ms"]),
    "stuck_left_open": (0, True, lambda told: told["stuck"]["stuck"] - told["stuck"]["closed"]),
    "stuck_slowest_close_s": (10, True, lambda told: told["stuck"]["slowest_close_s"]),
    "stuck_memory_growth_mb": (20, True, lambda told: told["stuck"]["memory_growth_mb"]),
}


def _largest(memory: Told) -> Told:
    found: Told = memory[max((name for name in memory if name.isdigit()), key=int)]
    return found
