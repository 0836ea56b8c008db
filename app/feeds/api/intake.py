"""A sheet that somebody hands in: taken in, looked at again in another way, shown as it would be taken."""

import asyncio
import tempfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from litestar.datastructures import UploadFile

from app.core import clock
from app.core import db as database
from app.core.asks import AnyRequest
from app.core.base import Scope
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.intake import MOST_BYTES, fetched, look_at, take_in_path
from app.feeds.rules.files import open_sheet
from app.feeds.rules.looking import Looked
from app.feeds.rules.reading import Reader
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.schemas import ReadAs, ReadRow
from app.feeds.service import Kept
from app.listings.queries import stock_book

__all__ = ["MOST_BYTES", "look_again", "preview", "take_in", "take_in_path", "uploaded"]

_CHUNK = 1024 * 1024
_PREVIEWED = 8


async def uploaded(request: AnyRequest, name: str = "file") -> UploadFile:
    """The file of a form. Raises Invalid where there is none."""
    found = (await request.form()).get(name)
    if not isinstance(found, UploadFile) or not found.filename:
        raise Invalid([{"field": name, "message": _("Choose a file.")}])
    return found


async def take_in(who: Principal, upload: UploadFile) -> tuple[Kept, Looked]:
    """In the store, and looked at. Raises Unreadable, StoreAway."""
    with tempfile.TemporaryDirectory(prefix="desk-upload-") as directory:
        path = Path(directory) / "sheet"
        with await asyncio.to_thread(path.open, "wb") as file:
            while part := await upload.read(_CHUNK):
                await asyncio.to_thread(file.write, part)
        return await take_in_path(who.org_id, path, upload.filename or "")


async def look_again(who: Principal, file_id: Id, form: ReadAs) -> Looked:
    """Read in another way than we thought. Raises FileGone, Unreadable, FileLost, StoreAway."""
    async with database.unit(Scope(org_id=who.org_id), read=True) as db:
        file = await queries.stored(db, file_id)
    async with fetched(file.key) as path:
        return await look_at(who.org_id, path, file.name, form)


async def preview(who: Principal, file_id: Id, columns: Mapping[str, str | None]) -> list[ReadRow]:
    """The first rows as they would be taken. Raises FileGone, Unreadable, FileLost, StoreAway."""
    async with database.unit(Scope(org_id=who.org_id), read=True) as db:
        file = await queries.stored(db, file_id)
        book, learned = await stock_book(db), await queries.words(db)
    async with fetched(file.key) as path:
        rows = await asyncio.to_thread(_first, path, file, queries.vocabulary(book), columns, learned)
    return [queries.read_row(book, row) for row in rows]


def _first(
    path: Path, file: queries.StoredSheet, vocabulary: Vocabulary, columns: Mapping[str, str | None], learned: Any
) -> Any:
    sheet = open_sheet(path, file.name, encoding=file.encoding, separator=file.separator, tab=file.tab)
    reader = Reader(vocabulary, columns, sheet.columns, learned=learned, this_year=clock.now().year)
    return [reader.read(row) for row in islice(sheet.rows(), _PREVIEWED)]
