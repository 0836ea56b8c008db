"""Programs in processes of their own, forked from one that has imported the product already: a start is cheap."""

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from app.cli import main, web, worker

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "tests.realtime.proof.app", "tests.support.edge_app", "app.cli.seed"])


class Process:
    """A program that can be killed and started again."""

    def __init__(self, program: Callable[[], None], environ: Mapping[str, str]) -> None:
        self._made = _FORKS.Process(target=_run, args=(program, {**os.environ, **environ}), daemon=True)
        self._made.start()

    @property
    def runs(self) -> bool:
        return self._made.is_alive()

    def send(self, how: signal.Signals) -> None:
        assert self._made.pid
        os.kill(self._made.pid, how)

    def end(self, how: signal.Signals = signal.SIGTERM, within_s: float = 30) -> int:
        """Its exit code."""
        self.send(how)
        self._made.join(within_s)
        assert self._made.exitcode is not None, "it did not end"
        return self._made.exitcode


class Command:
    """A program whose words are kept: `desk` by default, `python -c` with a `source`."""

    def __init__(self, *words: str, source: str = "", **environ: str) -> None:
        self.words = words
        self._kept = tempfile.TemporaryDirectory(prefix="desk-said-")
        self._files = [Path(self._kept.name) / name for name in ("stdout", "stderr")]
        self._made = _FORKS.Process(
            target=_command, args=(source, words, {**os.environ, **environ}, list(map(str, self._files)))
        )
        self._made.start()

    def said(self, within_s: float = 120) -> subprocess.CompletedProcess[str]:
        self._made.join(within_s)
        code = self._made.exitcode
        assert code is not None, "it did not end"
        told = subprocess.CompletedProcess(self.words, code, *(file.read_text("utf-8") for file in self._files))
        self._kept.cleanup()
        return told


def _command(source: str, words: tuple[str, ...], environ: dict[str, str], files: list[str]) -> None:
    for file, number in zip(files, (1, 2), strict=True):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.argv = ["-c" if source else "desk", *words]
    _run((lambda: exec(source, {"__name__": "__main__"})) if source else main, environ)  # noqa: S102 - a test's own


def serve_web() -> None:
    web.command.main([], standalone_mode=False)


def run_worker() -> None:
    worker.command.main([], standalone_mode=False)


def _run(program: Callable[[], None], environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    program()


def until_open(port: int, process: Process, within_s: float = 60) -> None:
    """Until somebody listens there: our servers do when they are ready."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 5):
            return
        assert process.runs, "it ended before it listened"
        time.sleep(0.02)
    raise AssertionError("it did not start")
