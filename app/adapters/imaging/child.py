"""The process that opens pictures: limits first, then the work, then one line of JSON and its end."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1024**3
PROCESSOR_S = 20
LARGEST_FILE = 32 * 1024 * 1024
OPEN_FILES = 64
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """`examine SOURCE INTO` or `draw INTO NAME…`; the answer is {picture}, {drawn} or {refused}."""
    limit()
    from app.adapters.imaging import making  # behind the limits: what it loads reads the picture

    what, *rest = arguments
    try:
        said: dict[str, Any] = (
            making.draw(Path(rest[0]), rest[1:]) if what == "draw" else making.examine(*map(Path, rest))
        )
    except making.Refused as refusal:
        said = {"refused": refusal.code}
    except MemoryError:
        said = {"refused": "too_heavy"}
    except Exception:  # noqa: BLE001 - the edge of a process: decoders say "broken" in as many ways as there are formats
        said = {"refused": "broken"}
    json.dump(said, sys.stdout)
    return 0


def limit() -> None:
    """No more than this, whatever the picture asks for; and behind everybody else."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
    os.nice(10)
    with contextlib.suppress(OSError, AttributeError):  # Linux only: die with who asked
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
