"""A sheet on its way in: looked at in a thread, put into the store, and only then written down."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from msgspec import UNSET, UnsetType

from app.adapters import http, storage
from app.core import db as database
from app.core import settings
from app.core.base import Scope
from app.core.bounds import clean_text
from app.core.ids import Id, new_id
from app.feeds import queries
from app.feeds.errors import FileLost, StoreAway
from app.feeds.rules.looking import Looked, look
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.schemas import ReadAs
from app.feeds.service import Kept

MOST_BYTES = 64 * 1024 * 1024


async def take_in_path(org_id: Id, path: Path, name: str, *, file_id: Id | None = None) -> tuple[Kept, Looked]:
    """In the store, and looked at. Raises Unreadable, StoreAway."""
    looked = await look_at(org_id, path, name, ReadAs())
    digest = await asyncio.to_thread(digest_of, path)
    id_ = file_id or new_id()
    key = f"feeds/{org_id}/{id_}"
    with _store():
        await storage.installed(settings.current()).put_file(key, path)
    size = (await asyncio.to_thread(path.stat)).st_size
    return Kept(id_, clean_text(Path(name).name)[:120] or "sheet", key, size, digest), looked


async def look_at(org_id: Id, path: Path, name: str, form: ReadAs) -> Looked:
    """Raises Unreadable."""
    async with database.unit(Scope(org_id=org_id), read=True) as db:
        vocabulary: Vocabulary = await queries.vocabulary_now(db)
        known = await queries.headers_known(db)
    return await asyncio.to_thread(
        look, path, name, vocabulary, kept=known, encoding=form.encoding, separator=form.separator, tab=form.tab
    )


@asynccontextmanager
async def fetched(key: str) -> AsyncIterator[Path]:
    """The sheet on this machine's disk, for as long as it is read. Raises FileLost, StoreAway."""
    with tempfile.TemporaryDirectory(prefix="desk-look-") as directory:
        path = Path(directory) / "sheet"
        with _store():
            await storage.installed(settings.current()).fetch_to(key, path)
        yield path


@contextmanager
def _store() -> Iterator[None]:
    try:
        yield
    except storage.NoSuchFile:
        raise FileLost from None
    except storage.StorageFailed as error:
        raise StoreAway from error


def digest_of(path: Path) -> bytes:
    """SHA-256 of its bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


async def vet(url: str | UnsetType) -> None:
    """Whether a sheet may be pulled from there: https, and an address that anybody could reach.

    Raises UrlNotAllowed.
    """
    if url is not UNSET:
        addresses = http.Addresses(allow=settings.current().outgoing_allow)
        addresses.check_sealed(url)
        await addresses.vet(url)
