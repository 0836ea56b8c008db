"""Our programs are read once, and each of our processes is born of that reading in some milliseconds, not seconds.

`Nursery` is the supervisor's side: it holds a process that has imported everything and does nothing. Asked for a child,
that process forks twice, so that the child belongs to the supervisor, which made itself the reaper of its descendants:
it is waited for and ends with the supervisor like any that was started in full. Linux only; elsewhere, and while the
nursery itself is not ready, children are started in full.
"""

import array
import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from app.core.embedded.process import die_with_parent, open_log

PROGRAMS = ("app.cli.migrate", "app.cli.web", "app.cli.worker", "litestar.plugins.pydantic")
"""What every child of the desk is made of; the last is what making the application imports."""

_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 1, 15, 36
_MOST_BYTES = 1_000_000
_ANSWER_WITHIN_S = 5.0
_READY, _ADOPTED_WITHIN_S = b"ready", 2.0


class Forked:
    """A child that the nursery bore, with what we use of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else has waited for it
                pid, status = self.pid, 0
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(0.01)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Use it from the main thread, which the children end with."""

    def __init__(self, log: Path, environ: Mapping[str, str], programs: Sequence[str] = PROGRAMS) -> None:
        self._log, self._environ, self._programs = log, dict(environ), programs
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._ready = False

    def start(self) -> None:
        """Begin to read; it is ready some seconds later."""
        if not self._programs or not sys.platform.startswith("linux"):
            return
        _adopt(orphans=True)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_ANSWER_WITHIN_S)
        log = open_log(self._log)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __spec__.name, str(theirs.fileno()), *self._programs],
                env={**self._environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
                pass_fds=(theirs.fileno(),),
            )
        finally:
            os.close(log)
            theirs.close()
        self._line, self._ready = ours, False

    @property
    def reading(self) -> bool:
        return self._process is not None and self._process.poll() is None and not self._ready

    def wait(self, seconds: float) -> bool:
        """Whether it is ready, within so many seconds."""
        if self._line is not None and not self._ready:
            self._line.settimeout(max(0.001, seconds))
            with contextlib.suppress(TimeoutError, OSError):
                self._ready = self._line.recv(len(_READY)) == _READY
            self._line.settimeout(_ANSWER_WITHIN_S)
        return self._ready

    def bear(self, arguments: Sequence[str], environ: Mapping[str, str], log: int) -> Forked | None:
        """A child that runs `python <arguments>` (a module, by -m). None when it has to be started in full."""
        if arguments[0] != "-m" or not self._alive() or not self.wait(0) or self._line is None:
            return None
        asked = json.dumps({"arguments": list(arguments[1:]), "environ": dict(environ), "parent": os.getpid()})
        try:
            self._line.sendmsg([asked.encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [log]))])
            pid = int(self._line.recv(32))
        except (OSError, ValueError):
            self.stop()  # what it bears now would be nobody's
            return None
        return Forked(pid)

    def _alive(self) -> bool:
        """One that died is read anew for the next time."""
        if self._process is not None and self._process.poll() is not None:
            self.stop()
            self.start()
        return self._process is not None

    def reap(self, known: set[int]) -> None:
        """Let go of descendants that lost their parent and ended: they came to us, and nobody else waits for them."""
        if self._process is None:
            return
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
                if found.si_pid in known or found.si_pid == self._process.pid:
                    return  # who started it asks for it
                os.waitpid(found.si_pid, 0)

    def stop(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            _adopt(orphans=False)
        self._process = self._line = None
        self._ready = False


def _adopt(*, orphans: bool) -> None:
    """Whether descendants that lose their parent become children of this process."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0)


# -- inside


def _main(descriptor: int, programs: Sequence[str]) -> None:
    gc.disable()
    for program in programs:
        importlib.import_module(program)
    gc.collect()
    gc.freeze()  # children share these pages: a collection that walked them would copy them
    line = socket.socket(fileno=descriptor)
    line.send(_READY)
    while True:
        asked, passed, _, _ = socket.recv_fds(line, _MOST_BYTES, 1)
        if not asked:
            os._exit(0)
        job = json.loads(asked)
        pid = _fork_twice()
        if pid is None:
            line.close()
            gc.enable()
            _become(job, passed[0])
            return
        os.close(passed[0])
        line.send(str(pid).encode())


def _fork_twice() -> int | None:
    """The pid of the child, or None in it."""
    told, tell = os.pipe()
    between = os.fork()
    if between == 0:
        child = os.fork()
        if child == 0:
            os.close(told)
            os.close(tell)
            return None
        os.write(tell, str(child).encode())
        os._exit(0)
    os.close(tell)
    pid = int(os.read(told, 32))
    os.close(told)
    os.waitpid(between, 0)
    return pid


def _become(job: dict[str, Any], log: int) -> None:
    """Be a process of its own, as one that was started in full would be, and run the program."""
    libc = ctypes.CDLL(None, use_errno=True)
    until = time.monotonic() + _ADOPTED_WITHIN_S
    while os.getppid() != job["parent"]:
        if time.monotonic() > until:
            _abandoned()
        time.sleep(0.0005)
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != job["parent"]:
        _abandoned()
    os.setsid()
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.environ.clear()
    os.environ.update(job["environ"])
    module, *arguments = job["arguments"]
    libc.prctl(_PR_SET_NAME, " ".join(("desk", *arguments[:1])).encode()[:15])
    sys.argv = [module, *arguments]
    sys.path[:] = [*_extra_path(), *(place for place in sys.path if place not in _extra_path())]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _extra_path() -> list[str]:
    return [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]


def _abandoned() -> NoReturn:
    os._exit(1)


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2:])
