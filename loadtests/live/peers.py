"""The kinds of server that do the fan-out task; what others wrote is installed from locks, or skipped with a reason."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from loadtests.live import task
from loadtests.live.client import cache

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "loadtests" / "peers"
_PATIENCE_S = 300


class Skipped(Exception):
    """This kind cannot run here; the message is the reason."""


class Kind(Struct, frozen=True):
    """`command` gets the port and the Redis URL appended; `publish` makes (channel, message) of a number."""

    name: str
    command: tuple[str, ...]
    publish: Callable[[int], tuple[str, bytes]] = task.plain
    path: str = "/bench"
    options: tuple[str, ...] = ()
    environ: tuple[tuple[str, str], ...] = ()


NAMES = ("bare_uvloop", "raw", "portable", "socketio", "litestar_channels", "django_channels")


def kind(name: str) -> Kind:
    """Ready to start. Raises Skipped."""
    match name:
        case "raw" | "portable":
            return Kind(name, (sys.executable, "-P", "-m", "loadtests.live.hub", name))
        case "bare_uvloop":
            return Kind(name, _server(name))
        case "litestar_channels":
            return Kind(name, _server(name), environ=_packages(name))
        case "django_channels":
            return Kind(name, _server(name), task.for_django, environ=_packages(name))
        case "socketio":
            path = "/socket.io/?EIO=4&transport=websocket"
            return Kind(name, ("node", str(_node(name))), task.for_socketio, path, ("--socketio",))
    raise Skipped("nobody knows it")


def _server(name: str) -> tuple[str, ...]:
    return (sys.executable, "-P", str(PEERS / name / "server.py"))


def _packages(name: str) -> tuple[tuple[str, str], ...]:
    """Where the peer's own versions lie, installed from its lock once."""
    lock = PEERS / name / "requirements.txt"
    place = cache() / f"{name}-{_version(lock)}"
    if not place.exists():
        uv = shutil.which("uv") or shutil.which("uv", path=ROOT / ".tools" / "bin")
        if uv is None:
            raise Skipped("uv is missing")
        fresh = place.with_suffix(f".{os.getpid()}")
        command = (uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", str(fresh))
        options = ("--require-hashes", "--compile-bytecode", "--requirements", str(lock))
        try:
            _run([*command, *options])
        except Skipped:
            # uv brings its own certificates; behind a company's proxy the right ones are the system's
            _run([*command, *options], UV_SYSTEM_CERTS="true", UV_NATIVE_TLS="true")
        fresh.replace(place)
    return (("PYTHONPATH", str(place)),)


def _node(name: str) -> Path:
    """The peer's program beside its installed packages."""
    source = PEERS / name
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Skipped("Node is missing")
    place = cache() / f"{name}-{_version(source / 'package-lock.json')}"
    if not place.exists():
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.mkdir()
        for file in ("package.json", "package-lock.json"):
            shutil.copy(source / file, fresh)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], directory=fresh)
        fresh.replace(place)
    shutil.copy(source / "server.js", place)
    return place / "server.js"


def _version(lock: Path) -> str:
    told = lock.read_bytes() + ".".join(map(str, sys.version_info[:2])).encode()
    return hashlib.sha256(told).hexdigest()[:12]


def _run(command: list[str], *, directory: Path = ROOT, **environ: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=directory, env={**os.environ, **environ}, capture_output=True, text=True, check=False,
            timeout=_PATIENCE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Skipped(f"{Path(command[0]).name} took longer than {_PATIENCE_S} s") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Skipped(f"its packages could not be installed: {said[-1][:200] if said else command[0]}")
