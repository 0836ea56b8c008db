"""The lexicon of this process: made of the catalogue in the database, and made anew when that has changed."""

import asyncio
import time
from typing import Final
from weakref import WeakKeyDictionary

from app.core import db as database
from app.core.base import Db
from app.listings.queries import BookNames, names_in_book, stock_book
from app.search.rules import Lexicon

_LOOK_AGAIN_S: Final = 600.0


class _Kept:
    def __init__(self) -> None:
        self.names: BookNames | None = None
        self.lexicon: Lexicon | None = None
        self.until = 0.0
        self.lock = asyncio.Lock()


_kept: "WeakKeyDictionary[database.Database, _Kept]" = WeakKeyDictionary()


async def lexicon(db: Db) -> Lexicon:
    """Looked at again every ten minutes; who asks meanwhile gets the one before."""
    kept = _kept.setdefault(database.installed(), _Kept())
    if kept.lexicon is not None and (time.monotonic() < kept.until or kept.lock.locked()):
        return kept.lexicon
    async with kept.lock:
        if kept.lexicon is None or time.monotonic() >= kept.until:
            names = names_in_book(await stock_book(db))
            if kept.lexicon is None or names != kept.names:
                kept.lexicon = await asyncio.to_thread(_lexicon, names)
                kept.names = names
            kept.until = time.monotonic() + _LOOK_AGAIN_S
        return kept.lexicon


def _lexicon(names: BookNames) -> Lexicon:
    return Lexicon(names.makes, names.models, names.trims, names.places).warm()
