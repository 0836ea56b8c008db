"""Servers in processes of their own, forked from one that has imported the product already: a start is cheap."""

import contextlib
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping

from app.cli import web, worker

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "tests.realtime.proof.app"])


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
