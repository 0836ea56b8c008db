"""What can be told, how it is signed, and when it is tried again. As Standard Webhooks has it."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final

from app.core.i18n import _

IMPORT_DONE, LEAD_CREATED = "feed.import.done", "lead.created"
EVENTS: Final = (IMPORT_DONE, LEAD_CREATED)
MOST_WEBHOOKS = 10
WITHIN_S = 15.0
GIVE_UP_AFTER = timedelta(days=5)
"""An address that has taken nothing for so long is switched off."""
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""After the first try, the second, and so on; then it is given up."""
LONGEST_WAIT = WAITS[-1]
GONE = 410
_PREFIX = "whsec_"
_SAID: Final = {
    "gone": _("The server does not want it any more (410)."),
    "failing": _("It has taken nothing for five days."),
    "unreachable": _("The server cannot be reached."),
    "url_not_allowed": _("That address is inside a private network."),
}


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """Headers of a message: HMAC-SHA256 over `id.timestamp.body`, so that it is of no use a second time."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    made = hmac.digest(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }


def wait(attempts: int, asked_s: float | None = None) -> timedelta | None:
    """Until the next try after so many; None when it is given up. The server may ask for more patience, up to a day."""
    if attempts > len(WAITS):
        return None
    asked = timedelta(seconds=asked_s) if asked_s is not None else timedelta()
    return min(max(WAITS[attempts - 1], asked), LONGEST_WAIT)


def asked_for(header: str | None) -> float | None:
    """Seconds of a Retry-After; a date is left alone."""
    return float(header) if header and header.isdecimal() and len(header) < 8 else None


def said(why: str | None) -> str | None:
    return None if why is None else _SAID.get(why)
