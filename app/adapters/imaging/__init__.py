"""Pictures of strangers, looked at and made anew in a process that may use little and knows nothing.

The child has no environment of ours, a ceiling of memory and of time, and runs behind everything else. What it cannot
read ends it, never us.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

WITHIN_S = 60.0
_ROOT = Path(__file__).resolve().parents[3]
_MOST_ANSWER = 1_000_000
# Exit codes that say a limit was met: killed for its processor time, for its memory, or by the system.
_HEAVY = frozenset({-9, -24, -11, -6, 137, 152})


class Rendition(Struct, frozen=True):
    """One file of a picture, in the directory that was named."""

    name: str
    format: str
    width: int
    height: int
    bytes: int
    sha256: str


class Picture(Struct, frozen=True, kw_only=True):
    """What was seen: the size once turned upright, a hash of how it looks, how good it is, and the files made."""

    width: int
    height: int
    looks: int
    quality: int
    sharpness: int
    exposure: int
    steps: dict[str, str]
    files: list[Rendition]


class Unfit(Exception):
    """No picture we take: `code` says why. Another try gives the same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooSlow(Exception):
    """No answer in time; a busy machine may do better later."""


class _Said(Struct):
    picture: Picture | None = None
    drawn: dict[str, Picture] = {}
    refused: str = ""


async def examine(source: Path, into: Path) -> Picture:
    """Look at `source` and write its renditions into the directory `into`. Raises Unfit, TooSlow."""
    said = await _child("examine", str(source), str(into))
    if said.picture is None:
        raise Unfit(said.refused or "broken")
    return said.picture


async def draw(names: Sequence[str], into: Path) -> dict[str, Picture]:
    """Draw cars, `body-colour-angle`; the files of each lie in a directory of its name. Raises Unfit, TooSlow."""
    said = await _child("draw", str(into), *names)
    if not said.drawn:
        raise Unfit(said.refused or "broken")
    return said.drawn


async def _child(*arguments: str) -> _Said:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.adapters.imaging.child", *arguments,
        cwd=_ROOT, env=_environment(), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, start_new_session=True, close_fds=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101 - narrows the type
        async with asyncio.timeout(WITHIN_S):
            answer = await process.stdout.read(_MOST_ANSWER)
            code = await process.wait()
    except TimeoutError:
        raise TooSlow from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _understood(code, answer)


def _understood(code: int, answer: bytes) -> _Said:
    if code in _HEAVY:
        return _Said(refused="too_heavy")
    try:
        return msgspec.json.decode(answer, type=_Said)
    except msgspec.DecodeError:
        return _Said(refused="broken")


def _environment() -> dict[str, str]:
    """Nothing of ours: no addresses, no keys."""
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
