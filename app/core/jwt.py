"""Tokens signed by us; the only module that knows python-jose, and every rule it needs to be safe.

python-jose 3.5 accepts a DER key for HMAC, a missing audience or expiry, any `kid` and a `crit` it does not know;
it raises other errors than its own on hostile claims. So the header is judged before it sees the token, exactly one
key is chosen, and the types of every claim are checked after it.
"""

import base64
import binascii
import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any, Literal

from jose import jwt
from msgspec import Struct

from app.core import clock, settings
from app.core.ids import Id, new_id

ACCESS_FOR = timedelta(minutes=15)
REFRESH_FOR = timedelta(days=7)
AUDIENCE = "desk-api"
_ALGORITHM = "HS256"
_LONGEST = 8 * 1024
_LEEWAY_S = 30
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER = {"alg", "kid", "typ"}
_CLAIMS = {"iss": str, "aud": str, "sub": str, "sid": str, "org": str, "jti": str, "typ": str, "exp": int, "iat": int}

Kind = Literal["access", "refresh"]


class BadToken(Exception):
    """Not a token of ours, or no longer. Never say why to whoever sent it."""


class Claims(Struct, frozen=True):
    person_id: Id
    session_id: Id
    org_id: Id
    token_id: Id
    expires_at: int


def issue(kind: Kind, *, person_id: Id, session_id: Id, org_id: Id, token_id: Id | None = None) -> str:
    now = clock.now()
    secret = _secrets(kind)[0]
    claims = {
        "iss": settings.current().base_url,
        "aud": AUDIENCE,
        "sub": str(person_id),
        "sid": str(session_id),
        "org": str(org_id),
        "jti": str(token_id or new_id()),
        "typ": kind,
        "iat": int(now.timestamp()),
        "exp": int((now + (ACCESS_FOR if kind == "access" else REFRESH_FOR)).timestamp()),
    }
    signed: str = jwt.encode(claims, secret, algorithm=_ALGORITHM, headers={"kid": _kid(secret)})
    return signed


def read(kind: Kind, token: str) -> Claims:
    """The claims of a token that is wholly in order. Raises BadToken."""
    try:
        key = _key_for(kind, token)
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM], audience=AUDIENCE, issuer=_issuer(), options=_OPTIONS)
        return _checked(kind, claims, clock.now())
    except BadToken:
        raise
    except Exception as error:
        raise BadToken from error


# Times are judged by `_checked`, with our clock and with types; python-jose would take "123" and 1e400.
_OPTIONS = {
    **{f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub", "jti")},
    "verify_exp": False,
    "verify_iat": False,
    "leeway": _LEEWAY_S,
}


def _key_for(kind: Kind, token: str) -> str:
    if not isinstance(token, str) or len(token) > _LONGEST or not _SHAPE.fullmatch(token):
        raise BadToken
    header = _header(token.partition(".")[0])
    if set(header) - _HEADER or header.get("alg") != _ALGORITHM or header.get("typ", "JWT") != "JWT":
        raise BadToken
    for secret in _secrets(kind):
        if header.get("kid") == _kid(secret):
            return secret
    raise BadToken


def _header(encoded: str) -> dict[str, Any]:
    if len(encoded) > 512:
        raise BadToken
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise BadToken from None
    if not isinstance(header, dict):
        raise BadToken
    return header


def _checked(kind: Kind, claims: dict[str, Any], now: datetime) -> Claims:
    if set(claims) != set(_CLAIMS) or any(type(claims[name]) is not wanted for name, wanted in _CLAIMS.items()):
        raise BadToken
    moment = int(now.timestamp())
    if claims["typ"] != kind or claims["exp"] + _LEEWAY_S <= moment or claims["iat"] - _LEEWAY_S > moment:
        raise BadToken
    return Claims(
        person_id=Id(claims["sub"]),
        session_id=Id(claims["sid"]),
        org_id=Id(claims["org"]),
        token_id=Id(claims["jti"]),
        expires_at=claims["exp"],
    )


def _secrets(kind: Kind) -> list[str]:
    ours = settings.current()
    if kind == "access":
        pair = (ours.jwt_secret, ours.jwt_secret_previous)
    else:
        pair = (ours.jwt_refresh_secret, ours.jwt_refresh_secret_previous)
    return [secret for secret in pair if secret]


def _issuer() -> str:
    return settings.current().base_url


def _kid(secret: str) -> str:
    """Names a key without telling anything of it; python-jose would otherwise try every key."""
    return hashlib.sha256(b"kid|" + secret.encode()).hexdigest()[:8]
