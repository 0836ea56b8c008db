"""A directory of what would have been sent: workers write into it at the same time, the web process reads."""

import contextlib
import os
import re
from pathlib import Path

KEPT = 200
_SLACK = 50


class Outbox:
    """One file per promise, the latest 200 and a few more. Any file may be replaced or gone the next moment."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, key: str, content: bytes) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = re.sub(r"[^A-Za-z0-9-]", "_", key)[:80]
        part = self._directory / f".{name}.{os.urandom(4).hex()}"
        part.write_bytes(content)
        part.replace(self._directory / f"{name}.json")
        if len(os.listdir(self._directory)) > KEPT + _SLACK:  # noqa: PTH208 - names are enough, and there are many
            for old in self._files()[KEPT:]:
                old.unlink(missing_ok=True)

    def kept(self) -> list[bytes]:
        """The latest first."""
        found = []
        for path in self._files()[:KEPT]:
            with contextlib.suppress(FileNotFoundError):
                found.append(path.read_bytes())
        return found

    def _files(self) -> list[Path]:
        dated = []
        for path in self._directory.glob("*.json"):
            with contextlib.suppress(FileNotFoundError):
                dated.append((path.stat().st_mtime, path))
        return [path for _, path in sorted(dated, reverse=True)]
