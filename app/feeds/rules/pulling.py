"""When a source is fetched again, when it stops, what an answer is worth, and how all that is said."""

import base64
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from app.core.i18n import _
from app.feeds.rules.words import FILES

MOST_FAILURES = 5
"""In a row: then it is paused."""
MOST_SOURCES = 20
PATIENCE = timedelta(hours=2)
"""What was asked for longer ago than this is not on its way any more."""
WITHIN_S = 180.0
MOST_HOPS = 3
"""Published sheets of the big houses lead on once or twice."""
COLUMNS_CHANGED, BRANCH_CLOSED, TOO_SLOW, UNREACHABLE, NOT_ALLOWED, TOO_LARGE, NO_ROWS = (
    "columns_changed", "branch_closed", "fetch_timeout", "unreachable", "url_not_allowed", "too_large", "no_rows",
)  # fmt: skip
_FIRST, _LONGEST = timedelta(minutes=30), timedelta(days=1)

_SAID: Final[Mapping[str, str]] = {
    COLUMNS_CHANGED: _("We do not know these columns: say what they hold, and it goes on."),
    BRANCH_CLOSED: _("The branch of these cars is closed. Choose another one."),
    TOO_SLOW: _("The server took too long."),
    UNREACHABLE: _("The server cannot be reached."),
    NOT_ALLOWED: _("That address is inside a private network."),
    "redirected": _("The address leads from one place to the next. Give the address of the file itself."),
    "sign_in": _("The server wants a sign-in, or does not accept this one."),
    "nothing": _("There is no file at this address."),
    "busy": _("The server is busy or out of order."),
    "other": _("The server did not give the file."),
}


def backoff(failures: int) -> timedelta:
    """Half an hour after the first failure, doubling up to a day."""
    doubled: timedelta = _FIRST * (1 << min(failures - 1, 10))
    return min(doubled, _LONGEST)


def fault_of(status: int) -> str:
    """The code of an answer without a sheet."""
    return f"http_{status}"


def said(why: str | None) -> str | None:
    """In words; None where all is well."""
    if why is None:
        return None
    if not why.startswith("http_"):
        return _SAID.get(why) or FILES.get(why, why)
    status = int(why.removeprefix("http_"))
    if 300 <= status < 400:
        return _SAID["redirected"]
    if status in (401, 403, 407):
        return _SAID["sign_in"]
    if status in (404, 410):
        return _SAID["nothing"]
    return _SAID["busy"] if status == 429 or status >= 500 else _SAID["other"]


def lost(before: Mapping[str, str | None], now: Mapping[str, str | None]) -> list[str]:
    """Fields that the columns had and have not any more."""
    return sorted(_fields(before.values()) - _fields(now.values()))


def _fields(values: Iterable[str | None]) -> set[str]:
    return {value for value in values if value is not None}


def onward(url: str, status: int, location: str | None) -> str | None:
    """The address an answer sends us on to."""
    return urljoin(url, location) if status in (301, 302, 303, 307, 308) and location else None


def carried(headers: Mapping[str, str], url: str, to: str) -> dict[str, str]:
    """Headers for the next address: who we are is for the server that was named, and for no other."""
    here, there = urlsplit(url), urlsplit(to)
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return {name: value for name, value in headers.items() if same or name != "authorization"}


def asking(
    *, auth: str, user: str | None, secret: str | None, etag: str | None, last_modified: str | None
) -> dict[str, str]:
    """Headers of a fetch: who asks, and what we have already."""
    headers = {"accept": "text/csv, application/xml, application/json, */*;q=0.5"}
    if auth == "bearer" and secret:
        headers["authorization"] = f"Bearer {secret}"
    if auth == "basic":
        pair = f"{user or ''}:{secret or ''}".encode()
        headers["authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    if etag:
        headers["if-none-match"] = etag
    if last_modified:
        headers["if-modified-since"] = last_modified
    return headers
