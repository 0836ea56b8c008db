"""How long after the end of a fault whatever it held up was over: a write, a job, a push."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

Waits = dict[str, tuple[float, str]]
"""By what waited and the kind of fault it waited for, the longest wait in seconds, and its story."""


class Fault(Struct):
    """Times are of this machine's wall clock. A kill ends at once: nothing waits for the return of what was killed."""

    kind: str
    began: float
    ended: float
    pid: int | None = None
    link: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.link}".strip()


# What a fault can hold up. Where a kind is missing, no wait is excused by it: a push that comes late because Valkey
# was away counts from its commit on.
_WEB = ("web", "web-freeze")
_HITS = {
    "write": (*_WEB, "postgres", "web-postgres", "front-1", "front-2"),
    "push": (*_WEB, "postgres", "web-postgres", "front-1", "front-2"),
    "job": ("postgres", "worker-postgres", "valkey", "valkey-freeze", "worker-valkey"),
}

_AFTERMATH_S = 10.0


class Judge:
    """Collects waits. Something hit more than once waits from the end of the last fault that hit it."""

    def __init__(self, what: str, faults: Iterable[Fault]) -> None:
        self._what = what
        self._faults = sorted(
            (fault for fault in faults if (fault.link or fault.kind) in _HITS[what]), key=lambda fault: fault.ended
        )
        self.found: Waits = {}

    def add(self, began: float, ended: float, story: str, more: Sequence[Fault] = ()) -> None:
        """Something wanted at `began` was there at `ended`; `more` are faults that hit nothing but this."""
        hits = [*(fault for fault in self._faults if fault.began < ended and fault.ended > began), *more]
        last = max(hits, key=lambda fault: fault.ended, default=None) or self._just_before(began)
        name = f"{self._what} after {last.kind}" if last else self._what
        waited = max(0.0, ended - max(began, last.ended if last else began))
        if waited > self.found.get(name, (-1.0, ""))[0]:
            hits = hits or ([last] if last else [])
            told = "".join(f", {fault.name} {fault.began - began:.1f}..{fault.ended - began:.1f}" for fault in hits)
            self.found[name] = (round(waited, 2), f"{story}{told}, there {ended - began:.1f}")

    def _just_before(self, moment: float) -> Fault | None:
        """The fault whose aftermath something wanted at `moment` may still meet: a killed server comes up again."""
        return next((fault for fault in reversed(self._faults) if 0 <= moment - fault.ended < _AFTERMATH_S), None)


def write(directory: Path, faults: Sequence[Fault]) -> None:
    (directory / "faults.json").write_bytes(msgspec.json.encode(faults))


def read(directory: Path) -> list[Fault]:
    return msgspec.json.decode((directory / "faults.json").read_bytes(), type=list[Fault])
