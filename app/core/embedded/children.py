"""Our own processes under the supervisor: started again when they die, a little later each time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from app.core.embedded.nursery import Forked, Nursery
from app.core.embedded.process import die_with_parent, open_log

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
_CALM_S = 10.0


class Backoff:
    """How long to wait before the next start: doubling, and forgotten after ten calm seconds."""

    def __init__(self) -> None:
        self.failures = 0
        self._started = 0.0
        self._due = 0.0

    def started(self) -> None:
        self._started = time.monotonic()

    def failed(self) -> None:
        if time.monotonic() - self._started > _CALM_S:
            self.failures = 0
        self._due = time.monotonic() + min(_FIRST_PAUSE_S * 2**self.failures, _LONGEST_PAUSE_S)
        self.failures += 1

    @property
    def due(self) -> bool:
        return time.monotonic() >= self._due


class Child:
    """A Python program in a process and session of its own, born of `nursery` where that can be."""

    def __init__(
        self,
        name: str,
        arguments: tuple[str, ...],
        log: Path,
        environ: Mapping[str, str],
        nursery: Nursery | None = None,
    ) -> None:
        self.name, self.log, self.environ = name, log, dict(environ)
        self.arguments, self.nursery = arguments, nursery
        self.command = [sys.executable, "-P", *arguments]
        self.backoff = Backoff()
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> None:
        log = open_log(self.log)
        try:
            born = self.nursery.bear(self.arguments, self.environ, log) if self.nursery else None
            self.process = born or self._started_in_full(log)
        finally:
            os.close(log)
        self.backoff.started()

    def _started_in_full(self, log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            # SIGKILL: when the supervisor is gone nobody is left to insist on a milder signal.
            preexec_fn=die_with_parent(signal.SIGKILL),
        )

    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def insist(self, deadline: float) -> None:
        """Wait until `deadline`, then kill."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
