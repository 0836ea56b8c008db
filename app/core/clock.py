"""The one clock of the processes; tests move it. What must be exact uses the database's clock instead."""

from collections.abc import Callable
from datetime import UTC, datetime

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    return _source() if _source else datetime.now(UTC)


def use(source: Callable[[], datetime] | None) -> None:
    """Replace the clock (None: back to the machine's)."""
    global _source
    _source = source
