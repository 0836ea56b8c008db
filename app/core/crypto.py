"""Personal data at rest: values sealed for one place only, and codes made from our own secret."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from app.core import settings
from app.core.ids import Id

_NONCE = 12


class Unreadable(Exception):
    """A sealed value was moved, changed, or sealed with a key we no longer hold."""


class Place(Struct, frozen=True):
    """Where a sealed value lives: it opens nowhere else. `owner` is the org, or the person whose data it is."""

    table: str
    column: str
    owner: Id
    row: Id

    @property
    def aad(self) -> bytes:
        return f"{self.table}|{self.column}|{self.owner}|{self.row}".encode()


def seal(value: str, place: Place) -> bytes:
    """AES-256-GCM under the current key: length of key id, key id, nonce, text and tag."""
    ring = settings.current().pii_key_ring
    key_id = next(iter(ring))
    nonce = os.urandom(_NONCE)
    body = AESGCM(ring[key_id]).encrypt(nonce, value.encode(), place.aad)
    return bytes([len(key_id)]) + key_id.encode() + nonce + body


def unseal(sealed: bytes, place: Place) -> str:
    """Raises Unreadable."""
    key_id, rest = _split(sealed)
    key = settings.current().pii_key_ring.get(key_id)
    if key is None:
        raise Unreadable(f"unknown key {key_id!r}")
    try:
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], place.aad).decode()
    except (InvalidTag, ValueError):
        raise Unreadable(f"{place.table}.{place.column}") from None


def stale(sealed: bytes) -> bool:
    """Sealed with a key that is no longer the current one."""
    return _split(sealed)[0] != next(iter(settings.current().pii_key_ring))


def reseal(sealed: bytes, place: Place) -> bytes:
    """The same value under the current key."""
    return seal(unseal(sealed, place), place)


def code(purpose: str, row: Id) -> str:
    """A secret for a link in a mail, made again from the row's id by whoever sends it; only its digest is stored."""
    key = settings.current().secret_key.encode()
    made = hmac.digest(key, f"code|{purpose}|{row}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def digest(secret: str) -> bytes:
    """How high-entropy secrets (session ids, tokens, codes) are stored."""
    return hashlib.sha256(secret.encode()).digest()


def _split(sealed: bytes) -> tuple[str, bytes]:
    length = sealed[0] if sealed else 0
    if len(sealed) < 1 + length + _NONCE + 16:
        raise Unreadable("too short")
    return sealed[1 : 1 + length].decode(errors="replace"), sealed[1 + length :]
