"""What the kernel says of processes and of connections, and figures of many."""

import contextlib
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024


def family(pid: int) -> list[int]:
    """The process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def cpu_s(pids: Iterable[int]) -> float:
    """Processor time used so far, by the scheduler's nanoseconds where it keeps them."""
    return sum(map(_cpu_s_of, pids))


def _cpu_s_of(pid: int) -> float:
    """0 for one that has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return _read_cpu_s(pid)
    return 0.0


def _read_cpu_s(pid: int) -> float:
    spent = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        spent += int(task.read_text().split()[0])
    if spent:
        return spent / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def rss_kb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_KB


def load_average() -> float:
    return round(os.getloadavg()[0], 2)


def quantile(values: Sequence[float], part: float) -> float | None:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else None


def rounded(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round(value, digits)


def pin(pids: Iterable[int], core: int | None) -> None:
    """Keep processes on one core; None lets them go anywhere. On a single core nothing happens."""
    cores = os.cpu_count() or 1
    if cores > 1:
        for pid in pids:
            os.sched_setaffinity(pid, range(cores) if core is None else {core % cores})


class Queues:
    """Server ends of connections to `port`: how long each has been unable to hand its bytes on, and which were closed.

    Seen from outside: a queue that has stopped growing is full, and one that is no longer ESTABLISHED was closed.
    """

    def __init__(self, port: int, least: int) -> None:
        self._port, self._least = port, least
        self._seen: dict[str, tuple[int, float]] = {}
        self.closed_after_s: dict[str, float] = {}

    def look(self) -> None:
        now = time.monotonic()
        for peer, state, waiting in _connections(self._port):
            before, since = self._seen.get(peer, (0, now))
            if state != _ESTABLISHED:
                if before >= self._least:
                    self.closed_after_s.setdefault(peer, now - since)
            elif waiting != before:
                self._seen[peer] = (waiting, now)


_ESTABLISHED = "01"


def _connections(port: int) -> Iterable[tuple[str, str, int]]:
    """(peer, state, bytes the peer has not taken)."""
    with Path("/proc/net/tcp").open() as table:
        next(table)
        for line in table:
            _, local, peer, state, queues, *_ = line.split()
            if int(local.rpartition(":")[2], 16) == port and state != "0A":
                yield peer, state, int(queues.partition(":")[0], 16)
