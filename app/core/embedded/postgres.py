"""One PostgreSQL cluster of our own: made once, started on loopback, stopped by SIGINT."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

import asyncpg

from app.core.embedded import binaries
from app.core.embedded.errors import CannotStart
from app.core.embedded.identity import Identity, reachable_directory
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

DATABASE = "desk"
_LEAST_MB, _MOST_MB = 64, 512
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_LASTING = ("autovacuum_naptime=10s",)
"""Vacuum in time for searches: counts read the visibility map."""


class Postgres:
    """The server over `home`; `fast` gives up durability and is for tests only."""

    name = "postgres"

    def __init__(
        self, home: Path, log: Path, program: Path, who: Identity, *, port: int | None = None, fast: bool = False
    ) -> None:
        self.log, self.program, self.who, self.fast = log, program, who, fast
        self.port = port or 0
        self.home = _reachable_home(home, who)
        self.cluster = self.home / "cluster"
        self.data = self.cluster / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self._environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.cluster), "TZ": "UTC"}

    @property
    def version(self) -> str:
        return binaries.version(self.program / "postgres")

    def url(self, database: str = DATABASE, *, user: str = "postgres", password: str | None = None) -> str:
        return f"postgresql://{user}:{password or self._password()}@{LOOPBACK}:{self.port}/{database}"

    def start(self, patience: float = 60) -> None:
        """Start and wait until it takes connections. The caller holds the lock of the data directory."""
        self._make_cluster()
        self._end_orphan()
        self.port = free_port(self.port)
        settings = [
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",  # a socket's path has a length limit and needs a directory both accounts enter
            "max_connections=100",
            f"shared_buffers={_buffers_mb(self.fast)}MB",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] ",
            *(_FAST if self.fast else _LASTING),
        ]
        arguments = [argument for setting in settings for argument in ("-c", setting)]
        log = open_log(self.log)
        try:
            self.process = subprocess.Popen(
                [self.program / "postgres", "-D", self.data, "-p", str(self.port), *arguments],
                env=self._environ,
                cwd=self.cluster,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches only us, and we choose the order of stopping
                # "Immediate": a checkpoint could outlive us by seconds; the next start replays the log instead.
                preexec_fn=die_with_parent(signal.SIGQUIT),
                **self.who.popen,
            )
        finally:
            os.close(log)
        self._wait_until_ready(self.process, time.monotonic() + patience)
        asyncio.run(self._make_database())

    def stop(self) -> None:
        if self.process is None:
            return
        # "Fast": roll back, disconnect, checkpoint. SIGTERM would wait for clients.
        end(self.process, signal.SIGINT, patience=20, then=signal.SIGQUIT)
        self.process = None

    def _password(self) -> str:
        return (self.home / "password").read_text()

    def _make_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            return
        self.cluster.mkdir(exist_ok=True)
        self.cluster.chmod(0o700)
        self.who.own(self.cluster)
        shutil.rmtree(self.data, ignore_errors=True)
        fresh = self.cluster / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password = secrets.token_urlsafe(24)
        write_private(self.home / "password", password)
        given = self.cluster / "password"
        write_private(given, password + "\n")
        self.who.own(given)
        # The builtin provider: full Unicode case mapping and the same order everywhere, without the OS's locales.
        builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        locale = builtin if self._major() >= 17 else ("--locale=C.UTF-8",)
        # A test connects a few times a second: each would work ten milliseconds on a password.
        quick = ("--set", "scram_iterations=1") if self.fast and self._major() >= 16 else ()
        made = subprocess.run(
            [
                *(self.program / "initdb", "-D", fresh, "-U", "postgres", "-E", "UTF8", *locale),
                *("-A", "scram-sha-256", "--pwfile", given, "--no-sync", "--no-instructions", *quick),
            ],
            env=self._environ,
            cwd=self.cluster,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
            **self.who.popen,
        )
        given.unlink()
        if made.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            said = [line for line in (made.stderr or made.stdout).splitlines() if line.strip()]
            raise CannotStart(f"initdb failed in {self.cluster}: {said[-1] if said else made.returncode}")
        fresh.rename(self.data)  # PG_VERSION only ever shows a finished cluster

    def _major(self) -> int:
        return int(self.version.split(".")[0])

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self._major()):
            raise CannotStart(
                f"{self.data} was made by PostgreSQL {made_by} but this is {self.version}: "
                "set DESK_PG_BIN to the old one, or move the data away"
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        """The status line of postmaster.pid needs no client and no password."""
        pid_file = self.data / "postmaster.pid"
        while True:
            if process.poll() is not None:
                self.process = None
                raise CannotStart(f"PostgreSQL does not start: {' '.join(tail(self.log, 2))} (see {self.log})")
            with contextlib.suppress(OSError, IndexError, ValueError):
                lines = pid_file.read_text().splitlines()
                if int(lines[0]) == process.pid and lines[7].strip() == "ready":
                    return
            if time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"PostgreSQL was not ready in time (see {self.log})")
            time.sleep(0.005)

    async def _make_database(self) -> None:
        connection = await asyncpg.connect(self.url("postgres"), timeout=10)
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
                await connection.execute(f"create database {DATABASE}")
        finally:
            await connection.close()

    def _end_orphan(self) -> None:
        with contextlib.suppress(OSError, IndexError, ValueError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            end_orphan(pid, [str(self.data)], signal.SIGINT)


def _reachable_home(wanted: Path, who: Identity) -> Path:
    """`wanted`, or a directory elsewhere when the server's account cannot enter it (a project under /root)."""
    wanted.mkdir(parents=True, exist_ok=True)
    wanted.chmod(0o711 if who.account else 0o700)
    if who.can_enter(wanted):
        return wanted
    elsewhere = reachable_directory(f"cluster {wanted}")
    # Both sides hold the same mark: whoever removes the data directory gets a new cluster, not the forgotten one.
    mark, note = elsewhere / "mark", wanted / "elsewhere"
    if not (mark.exists() and note.exists() and note.read_text() == f"{elsewhere}\n{mark.read_text()}\n"):
        shutil.rmtree(elsewhere / "cluster", ignore_errors=True)
        mark.write_text(secrets.token_hex(8))
        note.write_text(f"{elsewhere}\n{mark.read_text()}\n")
    return elsewhere


def _buffers_mb(fast: bool) -> int:
    """A sixteenth of the machine's memory: an import of 100,000 rows reads and writes some hundred megabytes."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return _LEAST_MB if fast else min(max(whole // 16, _LEAST_MB), _MOST_MB)
