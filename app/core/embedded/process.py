"""Child processes that end with us: started in their own session, signalled by pid, never by name."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from app.core.embedded.errors import CannotStart

LOOPBACK = "127.0.0.1"
_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10_000_000


def port_is_free(port: int, host: str = LOOPBACK) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A port whose last owner left connections in TIME_WAIT is free for a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(prefer: int | None = None) -> int:
    """`prefer` when nobody listens there, else one the system picks."""
    if prefer and port_is_free(prefer):
        return prefer
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def die_with_parent(sig: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn` after which the kernel sends `sig` when the THREAD that started the child ends.

    So start children from the main thread. It runs after Popen's setuid, which would clear the setting.
    macOS has no such call: there the next start cleans up by `end_orphan`.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sig))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return before_exec


def open_log(path: Path) -> int:
    """A descriptor to append to `path`; a log grown large is set aside first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > _LOG_LIMIT:
            path.replace(path.with_suffix(path.suffix + ".1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner could read at any moment, replacing an earlier one whole."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def tail(path: Path, lines: int = 12) -> list[str]:
    """The last lines of a log, short enough for a terminal."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8_000))
            text = log.read().decode(errors="replace")
    except OSError:
        return []
    return [line[:300] for line in text.splitlines() if line.strip()][-lines:]


def end(process: subprocess.Popen[bytes], how: signal.Signals, *, patience: float, then: signal.Signals) -> int:
    """Ask `process` to stop, wait, insist; returns its exit code."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        process.send_signal(then)
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return False


def end_orphan(pid: int, marks: Iterable[str], how: signal.Signals, *, patience: float = 20) -> None:
    """Stop a server of a killed run, but only when its command line still names our paths."""
    if pid <= 1 or not alive(pid):
        return
    asked = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    if not any(mark in asked.stdout for mark in marks):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
    deadline = time.monotonic() + patience
    while alive(pid):
        if time.monotonic() > deadline:
            raise CannotStart(f"a server of an earlier run (pid {pid}) does not stop; end it and start again")
        time.sleep(0.02)
