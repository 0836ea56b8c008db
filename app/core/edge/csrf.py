"""Requests that other sites make our visitors' browsers send: origin check, and a token bound to the session."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from app.core.edge.hosts import Headers, Hosts, values
from app.core.edge.refusals import BadOrigin, BadToken

HEADER = "x-csrf-token"
FIELD = "_csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def cookie_name(*, secure: bool) -> str:
    """Name of the session cookie; the prefix makes browsers refuse it from a sub-domain or over http."""
    return "__Host-sid" if secure else "sid"


def token_for(secret: str, session_cookie: str) -> str:
    """The token that goes with a session cookie: another visitor's pair is worth nothing."""
    digest = hmac.digest(secret.encode(), b"csrf\0" + session_cookie.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_token(secret: str, session_cookie: str, given: object) -> None:
    """Raises BadToken."""
    expected = token_for(secret, session_cookie).encode()
    if not isinstance(given, str) or not hmac.compare_digest(expected, given.encode(errors="replace")):
        raise BadToken


def check_origin(hosts: Hosts, headers: Headers, *, has_cookie: bool) -> None:
    """An unsafe request must come from our own pages; only one without a cookie may keep silent about it."""
    headers = list(headers)
    origins = values(headers, b"origin")
    site = next(iter(values(headers, b"sec-fetch-site")), "").lower()
    if len(origins) > 1 or any(not hosts.ours(origin) for origin in origins):
        raise BadOrigin
    if site not in ("", "same-origin", "none"):
        raise BadOrigin
    if has_cookie and not origins and site != "same-origin":
        raise BadOrigin


def check_socket_origin(hosts: Hosts, headers: Headers, *, has_cookie: bool) -> None:
    """A socket opens only from our own pages; a machine with a bearer token and no cookie may have no origin."""
    headers = list(headers)
    origins = values(headers, b"origin")
    if len(origins) > 1 or any(not hosts.ours(origin) for origin in origins):
        raise BadOrigin
    if not origins and (has_cookie or not values(headers, b"authorization")):
        raise BadOrigin
