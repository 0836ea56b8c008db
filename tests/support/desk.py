"""A supervisor in a process of its own, and what is left when it is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.embedded.process import alive
from app.core.embedded.state import DataDirectory, State

STANDIN = ("-m", "tests.support.standin")
_ROOT = Path(__file__).resolve().parents[2]


class Desk:
    """Starts in a process group of its own, as `make run` in a terminal does."""

    def __init__(self, data: Path, *arguments: str, **environ: str) -> None:
        self.directory = DataDirectory(data)
        self.seen: set[int] = set()
        self.process = subprocess.Popen(
            [sys.executable, *(arguments or STANDIN)],
            cwd=_ROOT,
            env={**os.environ, "DESK_DATA": str(data), "DESK_PORT": "0", "WORKER_METRICS_PORT": "0", **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    @property
    def state(self) -> State:
        return self.directory.read()

    def pid(self, name: str) -> int:
        found = self.state.processes[name].pid
        assert found, f"{name} does not run"
        return found

    def until_ready(self) -> str:
        """The line that starts with `ready`."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.look()
                return line.strip()
        raise AssertionError(f"never ready: {self.process.stderr.read() if self.process.stderr else ''}")

    def look(self) -> None:
        """Remember every process there is now."""
        self.seen |= {entry.pid for entry in self.state.processes.values() if entry.pid}

    def ended(self, within: float = 30) -> tuple[int, list[str]]:
        """Exit code and the lines on stderr."""
        _, said = self.process.communicate(timeout=within)
        return self.process.returncode, said.splitlines()

    def left_running(self, within: float = 5) -> set[int]:
        """Those of the processes seen that do not end."""
        until(lambda: not any(map(alive, self.seen)), within)
        return {pid for pid in self.seen if alive(pid)}

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.ended()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()


@contextmanager
def desk(data: Path, *arguments: str, **environ: str) -> Iterator[Desk]:
    made = Desk(data, *arguments, **environ)
    try:
        yield made
    finally:
        made.close()


def until(true: Callable[[], bool], within: float = 10) -> bool:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
