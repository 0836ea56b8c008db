"""Words that no filter is made of, spelt as the cars on the market spell them: "sunrof" is looked for as "sunroof"."""

import asyncio
import time
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from msgspec import Struct
from sqlalchemy import Table, func, select

from app.core import db as database
from app.core.base import Db
from app.listings import rules
from app.listings.models import ListingText
from app.listings.rules.near import Near
from app.search.queries.groups import FOUND

_GOOD_FOR_S: Final = 600.0
_READ, _MOST, _LEAST = 2_000, 20_000, 2
"""Of so many of the latest cars the most common words; what only one car says may be a slip itself."""
_MARKS = '"“”'
_TEXT = cast(Table, ListingText.__table__).c


class Spelling(Struct, frozen=True):
    words: frozenset[str]
    near: Near[str]
    until: float


_kept: "WeakKeyDictionary[database.Database, Spelling]" = WeakKeyDictionary()


async def respelt(db: Db, words: str) -> str:
    """The same, where that is possible, in words that cars have; what stands in quotation marks stays as it is."""
    known = await _spelling(db)
    return " ".join(_meant(word, known) for word in words.split())


def _meant(word: str, known: Spelling) -> str:
    said = rules.tokens(word)
    if len(said) != 1 or said[0] in known.words or any(mark in word for mark in _MARKS):
        return word
    return known.near.find(said[0]) or word


async def _spelling(db: Db) -> Spelling:
    here = database.installed()
    kept = _kept.get(here)
    if kept is None or time.monotonic() > kept.until:
        words = await _words(db)
        near = await asyncio.to_thread(Near, {word: word for word in words}, shortest=4, long=8)
        kept = _kept[here] = Spelling(frozenset(words), near, time.monotonic() + _GOOD_FOR_S)
    return kept


async def _words(db: Db) -> list[str]:
    """Of cars that anybody may find."""
    latest: Any = (
        select(_TEXT.words)
        .join_from(_TEXT.id.table, FOUND.id.table, _TEXT.id == FOUND.id)
        .where(FOUND.live)
        .order_by(FOUND.fresh_at.desc())
        .limit(_READ)
        .subquery()
    )
    word = func.unnest(func.tsvector_to_array(latest.c.words)).label("word")
    each = select(word).subquery()
    found = await db.scalars(
        select(each.c.word)
        .group_by(each.c.word)
        .having(func.count() >= _LEAST)
        .order_by(func.count().desc(), each.c.word)
        .limit(_MOST)
    )
    return list(found)
