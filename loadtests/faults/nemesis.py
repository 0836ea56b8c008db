"""The nemesis: a seeded choice of faults against processes that it started itself, and the supervisor that restarts."""

import contextlib
import os
import random
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from app.core.embedded.children import Child
from app.core.embedded.servers import Servers
from loadtests.faults import proxy
from loadtests.faults.recovery import Fault

LEASE_OUTLIVED_S = 12.0
"""A worker frozen for so long is a zombie when it thaws: its jobs have gone to others."""

KINDS = {
    "worker": 11, "web": 9, "valkey": 6, "postgres": 5, "freeze": 4, "web-freeze": 3, "valkey-freeze": 2,
    "cut": 4, "blackhole": 3, "swallow": 1, "refuse": 1, "slow": 1,
}  # fmt: skip
"""How many of each in fifty."""

FIRST = ("freeze", "web", "valkey", "blackhole", "worker", "postgres", "cut", "web-freeze")
"""Every kind that matters most comes early, so that a short run has it."""

_LASTS_S = {"blackhole": (1.0, 5.0), "refuse": (1.0, 4.0), "slow": (3.0, 6.0), "web-freeze": (2.0, 6.0)}
_LOOK_EVERY_S = 0.05


class Nemesis:
    """Acts in the main thread only: children die with the thread that started them."""

    def __init__(
        self, servers: Servers, control: Path, links: Sequence[str], *, seed: int, webs: list[Child],
        workers: list[Child], only: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.faults: list[Fault] = []
        self._webs, self._workers = webs, workers
        self._servers, self._control, self._links = servers, control, links
        self._chance = random.Random(seed)
        self._frozen: dict[int, Fault] = {}
        self._broken: dict[str, Fault] = {}
        self._kinds = {kind: times for kind, times in KINDS.items() if not only or kind in only}
        self._deck = [kind for kind in FIRST if kind in self._kinds]

    def start(self) -> None:
        for child in (*self._webs, *self._workers):
            child.start()

    def rest(self, seconds: float) -> None:
        """What a supervisor does meanwhile: start what died, end the faults that have lasted long enough."""
        until = time.monotonic() + seconds
        while True:
            self._tend()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(_LOOK_EVERY_S, left))

    def _tend(self) -> None:
        now = time.time()
        for child in (*self._webs, *self._workers):
            if child.process is None or child.process.poll() is not None:
                child.start()
        for pid, fault in list(self._frozen.items()):
            if now >= fault.ended:
                self._thaw(pid)
        for link, fault in list(self._broken.items()):
            if now >= fault.ended:
                self._mend(link)

    def strike(self) -> Fault:
        kind = self._next_kind()
        fault = getattr(self, "_" + kind.replace("-", "_"))()
        self.faults.append(fault)
        return fault

    def relent(self) -> None:
        """Nothing is frozen or broken any more."""
        for pid in list(self._frozen):
            self._thaw(pid)
        for link in list(self._broken):
            self._mend(link)

    def stop(self) -> None:
        self.relent()
        children = (*self._webs, *self._workers)
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + 15
        for child in children:
            child.insist(deadline)

    def send_workers_away(self) -> list[Child]:
        """Every worker is killed, and nobody starts them again until they are called back."""
        gone, self._workers = self._workers, []
        for child in gone:
            if child.process is not None:
                child.process.kill()
                child.process.wait()
        return gone

    def call_back(self, workers: list[Child]) -> None:
        self._workers = workers
        for child in workers:
            child.start()

    def _next_kind(self) -> str:
        """A kind that would leave nobody to work turns into a milder one."""
        if not self._deck:
            self._deck = [kind for kind, times in self._kinds.items() for _ in range(times)]
            self._chance.shuffle(self._deck)
        kind = self._deck.pop(0)
        if kind == "freeze" and len(self._awake(self._workers)) < 2:
            return "worker"
        if kind == "web-freeze" and len(self._awake(self._webs)) < 2:
            return "web"
        if kind in ("cut", "swallow", *_LASTS_S) and kind != "web-freeze" and len(self._broken) >= 2:
            return "worker"
        return kind

    # -- processes

    def _awake(self, children: list[Child]) -> list[int]:
        self._tend()
        pids = [child.process.pid for child in children if child.process is not None]
        return [pid for pid in pids if pid not in self._frozen]

    def _worker(self) -> Fault:
        return self._slay("worker", [self._chance.choice(self._awake(self._workers))])

    def _web(self) -> Fault:
        """One, or now and then all of them at once."""
        awake = self._awake(self._webs)
        return self._slay("web", awake if self._chance.random() < 0.3 else [self._chance.choice(awake)])

    def _slay(self, kind: str, pids: list[int]) -> Fault:
        now = time.time()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return Fault(kind, now, time.time(), pids[0])

    def _freeze(self) -> Fault:
        return self._stop_for("freeze", self._chance.choice(self._awake(self._workers)), LEASE_OUTLIVED_S)

    def _web_freeze(self) -> Fault:
        pid = self._chance.choice(self._awake(self._webs))
        return self._stop_for("web-freeze", pid, self._chance.uniform(*_LASTS_S["web-freeze"]))

    def _valkey_freeze(self) -> Fault:
        process = self._servers.valkey.process if self._servers.valkey else None
        if process is None or process.pid in self._frozen:
            return self._valkey()
        return self._stop_for("valkey-freeze", process.pid, self._chance.uniform(1, 6))

    def _stop_for(self, kind: str, pid: int, seconds: float) -> Fault:
        now = time.time()
        os.kill(pid, signal.SIGSTOP)
        self._frozen[pid] = Fault(kind, now, now + seconds, pid)
        return self._frozen[pid]

    def _thaw(self, pid: int) -> None:
        fault = self._frozen.pop(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        fault.ended = time.time()

    # -- servers

    def _valkey(self) -> Fault:
        server = self._servers.valkey
        assert server is not None
        began = time.time()
        self._kill_server(server.process.pid if server.process else None)
        self.rest(self._chance.choice((0.0, 0.5, 3.0)))
        server.stop()
        shutil.rmtree(server.home / "appendonlydir", ignore_errors=True)
        server.start()
        return Fault("valkey", began, time.time())

    def _postgres(self) -> Fault:
        server = self._servers.postgres
        assert server is not None
        began = time.time()
        self._kill_server(server.process.pid if server.process else None)
        self.rest(self._chance.uniform(0, 1))
        server.stop()
        while True:
            try:
                server.start()
                break
            except Exception:
                if time.time() - began > 30:
                    raise
                self.rest(0.1)
        return Fault("postgres", began, time.time())

    def _kill_server(self, pid: int | None) -> None:
        if pid is not None:
            frozen = self._frozen.pop(pid, None)
            if frozen is not None:
                frozen.ended = time.time()
            os.kill(pid, signal.SIGKILL)

    # -- links

    def _cut(self) -> Fault:
        link, now = self._whole_link(), time.time()
        proxy.tell(self._control, link, "cut")
        return Fault("cut", now, time.time(), link=link)

    def _swallow(self) -> Fault:
        """A middlebox forgot the connections of a link and tells nobody. Not to clients: they wait 25 s by design."""
        link, now = self._whole_link(but="front"), time.time()
        proxy.tell(self._control, link, "swallow")
        return Fault("swallow", now, time.time(), link=link)

    def _blackhole(self) -> Fault:
        return self._break("blackhole")

    def _refuse(self) -> Fault:
        return self._break("refuse")

    def _slow(self) -> Fault:
        return self._break("slow")

    def _break(self, mode: str) -> Fault:
        link, now = self._whole_link(), time.time()
        proxy.tell(self._control, link, mode)
        self._broken[link] = Fault(mode, now, now + self._chance.uniform(*_LASTS_S[mode]), link=link)
        return self._broken[link]

    def _whole_link(self, *, but: str = "none") -> str:
        whole = [link for link in self._links if link not in self._broken and not link.startswith(but)]
        return self._chance.choice(whole)

    def _mend(self, link: str) -> None:
        """A blackhole ends with everything it held, or with a cut."""
        fault = self._broken.pop(link)
        if fault.kind == "blackhole" and self._chance.random() < 0.5:
            proxy.tell(self._control, link, "cut")
        proxy.tell(self._control, link, "ok")
        fault.ended = time.time()
