"""Lists by key: signed cursors that mean something only in the list and the org they came from."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from app.core.errors import NotFound
from app.core.ids import Id

T = TypeVar("T")
K = TypeVar("K")

_MAC_BYTES = 16


class Page(Struct, Generic[T]):
    """`position` is the feed position the items were read at, EPOCH:SEQ."""

    items: list[T]
    next_cursor: str | None = None
    position: str | None = None


class Cursors(Struct, frozen=True):
    """The cursors of one list in one org. A cursor of another list or org is a missing one."""

    secret: str
    list_name: str
    org_id: Id | None = None

    def encode(self, *key: Any) -> str:
        """The key of the last row shown: the values the list is ordered by, ending in something unique."""
        content = msgspec.json.encode(key)
        return urlsafe_b64encode(self._mac(content) + content).rstrip(b"=").decode()

    def decode(self, cursor: str | None, key_type: type[K]) -> K | None:
        """The key again, as `key_type` (a tuple type). Raises NotFound."""
        if not cursor:
            return None
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            mac, content = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
            if not hmac.compare_digest(mac, self._mac(content)):
                raise NotFound
            return msgspec.json.decode(content, type=key_type)
        except (ValueError, msgspec.MsgspecError):
            raise NotFound from None

    def _mac(self, content: bytes) -> bytes:
        place = f"cursor\0{self.list_name}\0{self.org_id or ''}\0".encode()
        return hmac.digest(self.secret.encode(), place + content, hashlib.sha256)[:_MAC_BYTES]


def cut(rows: list[T], limit: int) -> tuple[list[T], bool]:
    """Of `limit + 1` rows read: those to show, and whether there are more."""
    return rows[:limit], len(rows) > limit
