"""What is a good address, a good password, a session still alive."""

from datetime import datetime, timedelta

from app.accounts.common_passwords import COMMON
from app.core.i18n import _

LEAST_PASSWORD = 10
IDLE_FOR = timedelta(minutes=30)
BROWSER_FOR = timedelta(hours=12)
API_FOR = timedelta(days=30)
RESET_FOR = timedelta(minutes=30)
ROTATION_GRACE = timedelta(seconds=30)
REFRESH_GRACE = timedelta(seconds=10)
TOUCH_EVERY = timedelta(seconds=60)


def normal_email(address: str) -> str:
    """Two spellings of one mailbox are one person."""
    return address.strip().lower()


def password_fault(password: str, *, email: str = "", name: str = "") -> str | None:
    """Why a password is refused, as a msgid; None when it is good enough."""
    if len(password) < LEAST_PASSWORD:
        return _("Use at least 10 characters.")
    folded = password.casefold()
    own = [part for part in (email.casefold(), email.casefold().partition("@")[0], name.casefold()) if part]
    if folded in COMMON or folded in own or len(set(folded)) < 4:
        return _("This password is too easy to guess. Try a few unrelated words.")
    return None


def alive(*, kind: str, now: datetime, expires_at: datetime, last_seen_at: datetime, ended_at: datetime | None) -> bool:
    """A browser session also ends when nobody used it for a while; open pages count as use."""
    if ended_at is not None or now >= expires_at:
        return False
    return kind != "browser" or now < last_seen_at + IDLE_FOR
