"""The data directory of one desk: its lock, its pid file and state.json."""

import fcntl
import os
import secrets
from pathlib import Path

import msgspec
from msgspec import Struct

from app.core.embedded.errors import CannotStart
from app.core.embedded.process import write_private


class Running(Struct):
    """One process that this desk started. `pid` is none while it does not run; the port is kept for the next run."""

    pid: int | None = None
    port: int | None = None
    data: str | None = None
    log: str | None = None


class State(Struct):
    """What `state.json` says. It holds passwords, so only its owner may read it."""

    pid: int | None = None
    base_url: str | None = None
    ready: bool = False
    processes: dict[str, Running] = {}
    environment: dict[str, str] = {}
    passwords: dict[str, str] = {}

    def password(self, name: str) -> str:
        return self.passwords.setdefault(name, secrets.token_urlsafe(24))

    def of(self, name: str) -> Running:
        return self.processes.setdefault(name, Running())


class DataDirectory:
    """Opened by whoever wants to run servers over `path`; held by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def hold(self) -> State:
        """Make the directory, take its lock and read what an earlier run left. Raises CannotStart."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / ".writable"
            probe.touch()
            probe.unlink()
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStart(f"DESK_DATA {self.path} is not writable: {error.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            pid = self.read().pid
            raise CannotStart(
                f"DESK_DATA {self.path} is in use by another desk{f' (pid {pid})' if pid else ''}"
            ) from None
        self._lock = lock
        return self.read()

    def held_elsewhere(self) -> bool:
        """Whether a process, not this one, runs servers over this directory."""
        try:
            probe = os.open(self.path / "lock", os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(probe)
        return False

    def read(self) -> State:
        try:
            return msgspec.json.decode((self.path / "state.json").read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return State()

    def write(self, state: State) -> None:
        said = msgspec.json.format(msgspec.json.encode(state), indent=2).decode()
        write_private(self.path / "state.json", said + "\n")
        pid_file = self.path / "desk.pid"
        if state.pid is None:
            pid_file.unlink(missing_ok=True)
        else:
            pid_file.write_text(f"{state.pid}\n")

    def let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"
