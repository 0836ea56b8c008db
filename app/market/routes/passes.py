"""What a press of a button opens for an hour, whoever holds the address then: a seller's number, a chat with them."""

from datetime import timedelta
from typing import Any, Literal, TypeVar

from app.core import clock, settings
from app.core.errors import NotFound
from app.core.paging import Cursors

Purpose = Literal["whatsapp", "phone"]
K = TypeVar("K", bound=tuple[Any, ...])

_GOOD_FOR = timedelta(hours=1)


def issue(purpose: Purpose, *key: Any) -> str:
    return _signer(purpose).encode(*key, int((clock.now() + _GOOD_FOR).timestamp()))


def read(purpose: Purpose, given: str, key_type: type[K]) -> K:
    """The key again; the moment until which it holds is its last part. Raises NotFound."""
    key = _signer(purpose).decode(given, key_type)
    if key is None or key[-1] < clock.now().timestamp():
        raise NotFound
    return key


def _signer(purpose: Purpose) -> Cursors:
    return Cursors(settings.current().secret_key, purpose)
