"""A sheet on its way in: looked at in a thread, put into the store, and only then written down."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from litestar.datastructures import UploadFile

from app.adapters import storage
from app.core import clock, settings
from app.core import db as database
from app.core.asks import AnyRequest
from app.core.base import Scope
from app.core.bounds import clean_text
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.errors import FileLost, StoreAway
from app.feeds.rules.cars import Read
from app.feeds.rules.files import open_sheet
from app.feeds.rules.looking import Looked, look
from app.feeds.rules.reading import Reader
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.schemas import ReadAs
from app.feeds.service import Kept

MOST_BYTES = 64 * 1024 * 1024
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
        return await take_in_path(who, path, upload.filename or "")


async def take_in_path(who: Principal, path: Path, name: str) -> tuple[Kept, Looked]:
    """The same of a file that is on this machine."""
    looked = await _look(who.org_id, path, name, ReadAs())
    digest = await asyncio.to_thread(_digest, path)
    id_ = new_id()
    key = f"feeds/{who.org_id}/{id_}"
    with _store():
        await storage.installed(settings.current()).put_file(key, path)
    size = (await asyncio.to_thread(path.stat)).st_size
    return Kept(id_, clean_text(Path(name).name)[:120] or "sheet", key, size, digest), looked


async def look_again(who: Principal, file_id: Id, form: ReadAs) -> Looked:
    """Read in another way than we thought. Raises FileGone, Unreadable, FileLost, StoreAway."""
    async with database.unit(Scope(org_id=who.org_id), read=True) as db:
        file = await queries.stored(db, file_id)
    async with fetched(file.key) as path:
        return await _look(who.org_id, path, file.name, form)


async def preview(who: Principal, file_id: Id, columns: Mapping[str, str | None]) -> list[Read]:
    """The first rows as they would be taken. Raises FileGone, Unreadable, FileLost, StoreAway."""
    async with database.unit(Scope(org_id=who.org_id), read=True) as db:
        file = await queries.stored(db, file_id)
        vocabulary, learned = await queries.vocabulary_now(db), await queries.words(db)
    async with fetched(file.key) as path:
        return await asyncio.to_thread(_first, path, file, vocabulary, columns, learned)


def _first(
    path: Path, file: queries.StoredSheet, vocabulary: Vocabulary, columns: Mapping[str, str | None], learned: Any
) -> Any:
    sheet = open_sheet(path, file.name, encoding=file.encoding, separator=file.separator, tab=file.tab)
    reader = Reader(vocabulary, columns, sheet.columns, learned=learned, this_year=clock.now().year)
    return [reader.read(row) for row in islice(sheet.rows(), _PREVIEWED)]


@asynccontextmanager
async def fetched(key: str) -> AsyncIterator[Path]:
    with tempfile.TemporaryDirectory(prefix="desk-look-") as directory:
        path = Path(directory) / "sheet"
        with _store():
            await storage.installed(settings.current()).fetch_to(key, path)
        yield path


@contextmanager
def _store() -> Iterator[None]:
    """Raises FileLost, StoreAway."""
    try:
        yield
    except storage.NoSuchFile:
        raise FileLost from None
    except storage.StorageFailed as error:
        raise StoreAway from error


async def _look(org_id: Id, path: Path, name: str, form: ReadAs) -> Looked:
    async with database.unit(Scope(org_id=org_id), read=True) as db:
        vocabulary: Vocabulary = await queries.vocabulary_now(db)
        known = await queries.headers_known(db)
    return await asyncio.to_thread(
        look, path, name, vocabulary, kept=known, encoding=form.encoding, separator=form.separator, tab=form.tab
    )


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
