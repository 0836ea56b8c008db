"""The numbers that search rows carry for slugs, from memory: what is committed there never changes."""

from collections.abc import Iterable
from typing import Any, Literal, cast, get_args
from weakref import WeakKeyDictionary

from sqlalchemy import Table, select, tuple_

from app.core import db as database
from app.core.base import Db
from app.listings.models import SearchCode

Kind = Literal["make", "model", "trim", "city", "registered"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Named = tuple[str, str]
"""A kind and a slug of it."""
NEW = "new_search_codes"
"""In a session's info: codes of its own, not committed yet, so not for others to know."""

_CODES = cast(Table, SearchCode.__table__).c


class CodeBook:
    """What one process has learned of one database."""

    def __init__(self) -> None:
        self.codes: dict[Named, int] = {}
        self.slugs: dict[tuple[str, int], str] = {}
        self.market: tuple[int, float] | None = None
        """About how many cars there are, and when that was counted on the monotonic clock."""
        self._called: dict[Named, list[int]] = {}

    def learn(self, rows: Iterable[Any], but: Iterable[Named]) -> None:
        left_out = set(but)
        for kind, slug, code in rows:
            if (kind, slug) not in left_out and (kind, slug) not in self.codes:
                self.codes[kind, slug] = code
                self.slugs[kind, code] = slug
                for name in {slug, slug.rpartition("/")[2]}:
                    self._called.setdefault((kind, name), []).append(code)

    def called(self, kind: str, slugs: Iterable[str]) -> list[int]:
        """Codes of what is called so; a model or trim by its own slug, whatever its make, or by the whole path."""
        return [code for slug in slugs for code in self._called.get((kind, slug), ())]

    def knows(self, kind: str, slug: str) -> bool:
        return (kind, slug) in self._called


_books: WeakKeyDictionary[database.Database, CodeBook] = WeakKeyDictionary()


async def code_book(db: Db) -> CodeBook:
    book = _books.get(database.installed())
    if book is None:
        book = _books.setdefault(database.installed(), CodeBook())
        await refreshed(db, book)
    return book


async def refreshed(db: Db, book: CodeBook) -> None:
    """For a code that the book does not know: another process made it."""
    rows = await db.execute(select(_CODES.kind, _CODES.slug, _CODES.code))
    book.learn(rows, db.info.get(NEW, ()))


async def known_codes(db: Db, wanted: Iterable[Named]) -> dict[Named, int]:
    """Of those that have one."""
    book = await code_book(db)
    own: dict[Named, int] = db.info.get(NEW, {})
    names = set(wanted)
    missing = [name for name in names if name not in book.codes and name not in own]
    if missing:
        rows = await db.execute(
            select(_CODES.kind, _CODES.slug, _CODES.code).where(tuple_(_CODES.kind, _CODES.slug).in_(missing))
        )
        book.learn(rows, own)
    return {name: code for name in names if (code := own.get(name) or book.codes.get(name))}
