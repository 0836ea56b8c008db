"""Which schema this release needs, read from the migrations' own lines: every process asks, and Alembic takes long."""

import re
from functools import cache
from pathlib import Path

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

_OWN = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_EARLIER = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


@cache
def head() -> str:
    """The revision that no other one follows; raises ValueError unless there is just one."""
    lines = "\n".join(path.read_text() for path in (MIGRATIONS / "versions").glob("[!_]*.py"))
    (last,) = set(_OWN.findall(lines)) - set(_EARLIER.findall(lines))
    return str(last)
