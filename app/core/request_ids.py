"""The id by which one request is found in every log."""

import re
from collections.abc import Iterable

from app.core.ids import new_id

_SANE = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The caller's own id where it is sane, so that logs of both sides meet; else a new one."""
    given = [value for name, value in headers if name == b"x-request-id"]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return given[0].decode()
    return new_id().hex
