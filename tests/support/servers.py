"""Embedded servers of one test process, in a directory that goes away with it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.embedded.servers import Servers
from app.core.embedded.state import DataDirectory
from app.core.settings import load

PROGRAMS = frozenset({"DESK_PG_BIN", "DESK_REDIS_BIN", "DESK_PG_OS_USER"})


_MEMORY = Path("/dev/shm")  # noqa: S108 - as good a place as any, and a database is copied there in a quarter of the time
_ROOM = 4 << 30


@contextmanager
def scratch(label: str) -> Iterator[Path]:
    """A new directory that the server's account can pass through; pytest's own are closed to it."""
    path = Path(tempfile.mkdtemp(prefix=f"desk-{label}-", dir=_roomy()))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _roomy() -> Path | None:
    """Memory, where a machine lends us enough of it."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return None


@contextmanager
def started() -> Iterator[Servers]:
    """Both servers with the fast settings, on free ports. The kernel ends them when this process is killed."""
    with scratch("test") as path:
        asked = {name: value for name, value in os.environ.items() if name in PROGRAMS}
        directory = DataDirectory(path)
        servers = Servers(directory, directory.hold(), load(asked), fast=True)
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()
            directory.let_go()
