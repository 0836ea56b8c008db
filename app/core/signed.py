"""Addresses and forms that hold for a while: whoever has one needs no session, and can change nothing in it."""

import hashlib
import hmac

from app.core import clock
from app.core.settings import current


def until(within_s: int) -> str:
    return str(int(clock.now().timestamp()) + within_s)


def signature(purpose: str, *parts: str) -> str:
    """Of one purpose: a signature of another proves nothing here."""
    return hmac.new(current().secret_key.encode(), "\n".join((purpose, *parts)).encode(), hashlib.sha256).hexdigest()


def holds(given: str, purpose: str, *parts: str) -> bool:
    """The last part is the moment until which it holds; it is read only once the signature is known to be ours."""
    ours = hmac.compare_digest(given.encode(), signature(purpose, *parts).encode())
    return ours and clock.now().timestamp() <= int(parts[-1])


def steady(within_s: int) -> str:
    """A moment that stays the same for a while, so that what is asked for again is the same address: between one and
    two times `within_s` from now."""
    return str((int(clock.now().timestamp()) // within_s + 2) * within_s)
