"""The account PostgreSQL runs as: postgres and initdb refuse root, and a locked home locks that account out."""

import contextlib
import hashlib
import os
import pwd
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from app.core.embedded.errors import CannotStart

_UNPRIVILEGED = ("postgres", "nobody", "daemon")


class Identity:
    """Who the server is: ourselves, or for root the first unprivileged account of the system."""

    def __init__(self, account: pwd.struct_passwd | None) -> None:
        self.account = account

    @classmethod
    def pick(cls, wanted: str | None, *, uid: int | None = None) -> "Identity":
        """Raises CannotStart for root without any account to step down to."""
        if (os.geteuid() if uid is None else uid) != 0:
            return cls(None)
        for name in (wanted,) if wanted else _UNPRIVILEGED:
            with contextlib.suppress(KeyError):
                account = pwd.getpwnam(name)
                if account.pw_uid != 0:
                    return cls(account)
        raise CannotStart(
            f"DESK_PG_OS_USER={wanted} is no unprivileged account of this system"
            if wanted
            else "running as root and no unprivileged account exists for PostgreSQL: set DESK_PG_OS_USER"
        )

    @property
    def name(self) -> str:
        return self.account.pw_name if self.account else f"uid {os.geteuid()}"

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments of Popen that start a program as this account: no su, no setpriv, no useradd."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def can_run(self, program: Path) -> bool:
        try:
            asked = subprocess.run(
                [program, "--version"], cwd="/", capture_output=True, timeout=30, check=False, **self.popen
            )
        except OSError:
            return False
        return asked.returncode == 0

    def can_enter(self, path: Path) -> bool:
        if self.account is None:
            return True
        asked = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", path], cwd="/", capture_output=True, check=False, **self.popen
        )
        return asked.returncode == 0


def reachable_directory(key: str) -> Path:
    """A directory of ours that any account can pass through, one for each `key`.

    It lies in a place all users share, so its owner is checked: somebody may have made it first.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    path = Path("/var/tmp" if Path("/var/tmp").is_dir() else tempfile.gettempdir()) / f"desk-{os.geteuid()}-{digest}"  # noqa: S108
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != os.geteuid():
        raise CannotStart(f"{path} exists and is not ours: remove it")
    path.chmod(0o711)
    return path
