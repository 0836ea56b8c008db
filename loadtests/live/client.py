"""The load: one process with many websockets. In C where a compiler is found, else in Python, slow."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

SOURCE = Path(__file__).with_name("client.c")


class Arrivals(Struct, frozen=True):
    """One numbered message: at how many sockets, the first and the last moment (s, monotonic), its marks."""

    number: int
    count: int
    first: float
    last: float
    marks: int


class Table(Struct, frozen=True):
    """All that came. `disorder` counts messages that were not newer than the one before on their socket."""

    rows: list[Arrivals]
    messages: int
    bytes: int
    gone: int
    disorder: int
    bad: int


def compiled() -> list[str] | None:
    """The command of the C client, built once per version of its source; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    name = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    built = cache() / f"live-client-{name}"
    if not built.exists():
        fresh = built.with_suffix(f".{os.getpid()}")
        done = subprocess.run([compiler, "-O2", "-o", fresh, SOURCE], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"bench-live: {compiler} failed: {done.stderr[:200]}", file=sys.stderr)
            return None
        fresh.replace(built)
    return [str(built)]


def cache() -> Path:
    """Where what was built or installed for the bench is kept between runs."""
    for place in (Path(".desk/bench"), Path(tempfile.gettempdir()) / f"desk-bench-{os.getuid()}"):
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return place.resolve()
    raise SystemExit("bench-live: neither .desk nor the temporary directory can be written")


class Client:
    """Many sockets at one path; `done` tells when a message was at the last of them."""

    def __init__(self, command: Sequence[str], *options: str) -> None:
        self._command = [*command, *options]
        self._process: asyncio.subprocess.Process | None = None
        self._open: asyncio.Future[tuple[int, float]] | None = None
        self._table: asyncio.Future[Table] | None = None
        self._rows: list[Arrivals] = []
        self._more = asyncio.Event()
        self.done: dict[int, float] = {}
        self.gone = 0

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def open(self) -> tuple[int, float]:
        """Connect all sockets: how many are in, and in how many seconds."""
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe)
        self._reader = asyncio.create_task(self._read(), name="bench.client")
        return await self._opened()

    async def grow(self, sockets: int) -> tuple[int, float]:
        self._say(f"grow {sockets}")
        return await self._opened()

    async def table(self) -> Table:
        self._rows = []
        self._table = asyncio.get_running_loop().create_future()
        self._say("table")
        return await asyncio.wait_for(self._table, 60)

    async def more(self, within_s: float) -> bool:
        """Wait for the next message to be complete; False when none is in that time."""
        self._more.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more.wait(), within_s)
        return self._more.is_set()

    async def close(self) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reader

    async def _opened(self) -> tuple[int, float]:
        self._open = asyncio.get_running_loop().create_future()
        return await asyncio.wait_for(self._open, 180)

    def _say(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._take(*line.decode().split())
        ended = RuntimeError("the load client has ended")
        for waiting in (self._open, self._table):
            if waiting is not None and not waiting.done():
                waiting.set_exception(ended)

    def _take(self, word: str, *figures: Any) -> None:
        numbers = [int(figure) for figure in figures]
        match word:
            case "done":
                self.done[numbers[0]] = numbers[2] / 1e9
                self._more.set()
            case "row":
                number, count, first, last, marks = numbers
                self._rows.append(Arrivals(number, count, first / 1e9, last / 1e9, marks))
            case "end" if self._table:
                messages, size, gone, disorder, bad = numbers
                self._table.set_result(Table(self._rows, messages, size, gone, disorder, bad))
            case "gone":
                self.gone = numbers[0]
            case "open" if self._open:
                self._open.set_result((numbers[0], numbers[1] / 1e9))
