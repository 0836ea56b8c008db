"""One Valkey of our own: wake-ups, presence and rate limits; it may be lost at any time."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from app.core.embedded import binaries
from app.core.embedded.errors import CannotStart
from app.core.embedded.process import (
    LOOPBACK,
    die_with_parent,
    end,
    end_orphan,
    free_port,
    open_log,
    tail,
    write_private,
)


class Valkey:
    """The server over `home`; `keep` writes an append-only file."""

    name = "valkey"

    def __init__(
        self, home: Path, log: Path, program: Path, password: str, *, port: int | None = None, keep: bool = True
    ) -> None:
        self.home, self.log, self.program, self.password, self.keep = home, log, program, password, keep
        self.port = port or 0
        self.data = home
        self.config = home / "valkey.conf"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def version(self) -> str:
        return binaries.version(self.program)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def start(self, patience: float = 30) -> None:
        """Start and wait until it answers PONG, which it does not while it loads its file."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        self._end_orphan()
        self.port = free_port(self.port)
        self._write_config()
        log = open_log(self.log)
        try:
            self.process = subprocess.Popen(
                [self.program, self.config],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        finally:
            os.close(log)
        deadline = time.monotonic() + patience
        while not self._answers():
            if self.process.poll() is not None:
                self.process = None
                raise CannotStart(f"Valkey does not start: {' '.join(tail(self.log, 1))} (see {self.log})")
            if time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"Valkey was not ready in time (see {self.log})")
            time.sleep(0.005)

    def stop(self) -> None:
        if self.process is None:
            return
        end(self.process, signal.SIGTERM, patience=10, then=signal.SIGKILL)
        self.process = None

    def _write_config(self) -> None:
        lines = {
            "bind": LOOPBACK,
            "port": self.port,
            "dir": json.dumps(str(self.home)),
            "requirepass": self.password,
            "daemonize": "no",
            "pidfile": json.dumps(str(self.home / "valkey.pid")),
            "set-proc-title": "no",  # the next run recognises an orphan by its command line
            "appendonly": "yes" if self.keep else "no",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        # A file and not arguments: the password stays out of `ps`.
        write_private(self.config, "".join(f"{name} {value}\n" for name, value in lines.items()))

    def _answers(self) -> bool:
        hello = f"*2\r\n$4\r\nAUTH\r\n${len(self.password)}\r\n{self.password}\r\n*1\r\n$4\r\nPING\r\n"
        said = b""
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self.port), 1) as talk:
            talk.sendall(hello.encode())
            while said.count(b"\r\n") < 2 and (more := talk.recv(200)):
                said += more
        return b"+PONG" in said

    def _end_orphan(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            end_orphan(int((self.home / "valkey.pid").read_text()), [str(self.config)], signal.SIGTERM)
