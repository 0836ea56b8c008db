"""The nemesis: a seeded choice of faults against processes that it started itself, and the supervisor that restarts."""

import contextlib
import os
import random
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from app.core.embedded.children import Child
from app.core.embedded.servers import Servers

FREEZE_S = 12.0
"""Longer than a lease: whoever thaws is a zombie."""

KINDS = {"worker": 45, "valkey": 20, "postgres": 15, "freeze": 20}


class Fault(Struct):
    """Times are of this machine's wall clock. A kill of a worker ends at once: nothing waits for its return."""

    kind: str
    began: float
    ended: float
    pid: int | None = None


class Nemesis:
    """Acts in the main thread only: children die with the thread that started them."""

    def __init__(
        self, servers: Servers, environ: Mapping[str, str], directory: Path, *, seed: int, workers: int
    ) -> None:
        self.faults: list[Fault] = []
        self.workers = [
            Child(f"worker-{n}", ("-m", "loadtests.faults.worker"), directory / f"worker-{n}.log", environ)
            for n in range(workers)
        ]
        self._servers = servers
        self._chance = random.Random(seed)
        self._frozen: dict[int, Fault] = {}
        self._deck: list[str] = []

    def start(self) -> None:
        for worker in self.workers:
            worker.start()

    def tend(self) -> None:
        """What a supervisor does: start what died, thaw what was frozen long enough."""
        now = time.time()
        for pid, fault in list(self._frozen.items()):
            if now - fault.began >= FREEZE_S:
                self._thaw(pid)
        for worker in self.workers:
            if worker.process is None or worker.process.poll() is not None:
                worker.start()

    def strike(self) -> Fault:
        kind = self._next_kind()
        fault = getattr(self, f"_{kind}")()
        self.faults.append(fault)
        return fault

    def thaw_all(self) -> None:
        for pid in list(self._frozen):
            self._thaw(pid)

    def stop(self) -> None:
        self.thaw_all()
        for worker in self.workers:
            if worker.process is not None and worker.process.poll() is None:
                worker.process.terminate()
        for worker in self.workers:
            if worker.process is not None:
                with contextlib.suppress(Exception):
                    worker.process.wait(15)
                if worker.process.poll() is None:
                    worker.process.kill()

    def _next_kind(self) -> str:
        """Every kind comes early, then by weight; a second freeze waits until somebody is left to work."""
        if not self._deck:
            self._deck = [kind for kind, weight in KINDS.items() for _ in range(weight // 5)]
            self._chance.shuffle(self._deck)
            if not self.faults:
                self._deck = ["freeze", "worker", "valkey", "postgres", *self._deck]
        kind = self._deck.pop(0)
        return "worker" if kind == "freeze" and len(self._frozen) + 1 >= len(self.workers) else kind

    def _awake(self) -> int:
        """Pid of some worker that runs and is not frozen."""
        self.tend()
        alive = [
            worker.process.pid for worker in self.workers if worker.process and worker.process.pid not in self._frozen
        ]
        return self._chance.choice(alive)

    def _worker(self) -> Fault:
        pid, now = self._awake(), time.time()
        os.kill(pid, signal.SIGKILL)
        return Fault("worker", now, time.time(), pid)

    def _freeze(self) -> Fault:
        pid = self._awake()
        fault = Fault("freeze", time.time(), time.time() + FREEZE_S, pid)
        os.kill(pid, signal.SIGSTOP)
        self._frozen[pid] = fault
        return fault

    def _thaw(self, pid: int) -> None:
        fault = self._frozen.pop(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        fault.ended = time.time()

    def _valkey(self) -> Fault:
        server = self._servers.valkey
        assert server is not None
        began = time.time()
        _kill(server.process.pid if server.process else None)
        time.sleep(self._chance.choice((0.0, 0.5, 3.0)))
        server.stop()
        shutil.rmtree(server.home / "appendonlydir", ignore_errors=True)
        server.start()
        return Fault("valkey", began, time.time())

    def _postgres(self) -> Fault:
        server = self._servers.postgres
        assert server is not None
        began = time.time()
        _kill(server.process.pid if server.process else None)
        time.sleep(self._chance.uniform(0, 1))
        server.stop()
        while True:
            try:
                server.start()
                break
            except Exception:  # its children may still hold the shared memory for a moment
                if time.time() - began > 30:
                    raise
                time.sleep(0.1)
        return Fault("postgres", began, time.time())


def _kill(pid: int | None) -> None:
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
