"""What comes in is looked at before it is taken: what is wrong at a glance is refused at once, and not even kept."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from litestar.datastructures import UploadFile

from app.adapters import http, storage
from app.core.errors import Invalid
from app.core.ids import Id
from app.core.settings import current
from app.media import rules
from app.media.errors import (
    NotAPicture,
    PictureTooLarge,
    PictureTooSmall,
    StorageAway,
    TooManyPixels,
    UploadMissing,
)
from app.media.schemas import MediaForm

_FAULTS = {"too_many_pixels": TooManyPixels, "too_small": PictureTooSmall}


async def vet(org_id: Id, form: MediaForm) -> None:
    """A first look at what is to be added, before anything is written: what is wrong at a glance is refused at once.

    Raises Invalid, UrlNotAllowed, UploadMissing, NotAPicture, PictureTooLarge, TooManyPixels, PictureTooSmall.
    """
    if (form.key is None) == (form.url is None):
        raise Invalid([{"field": "url", "message": "Give an upload or an address, one of the two."}])
    if form.key is not None:
        await _vet_upload(org_id, form.key)
        return
    await http.Addresses(allow=current().outgoing_allow).vet(form.url or "")


async def _vet_upload(org_id: Id, key: str) -> None:
    if not rules.is_upload_of(key, org_id):
        raise UploadMissing
    kept = storage.installed(current())
    try:
        size = await kept.size(key)
        start = await kept.start(key, rules.HEAD_BYTES) if size else b""
    except storage.NoSuchFile:
        raise UploadMissing from None
    except storage.StorageDown:
        raise StorageAway from None
    check(size, start)


def check(size: int, start: bytes) -> None:
    """Raises PictureTooLarge, NotAPicture, TooManyPixels, PictureTooSmall."""
    if size > rules.MOST_BYTES:
        raise PictureTooLarge
    seen = rules.head(start)
    if seen is None:
        raise NotAPicture
    if fault := rules.fault_of(seen):
        raise _FAULTS[fault]


async def keep(file: UploadFile, key: str) -> None:
    """Raises NotAPicture, PictureTooLarge, TooManyPixels, PictureTooSmall, StorageAway."""
    with tempfile.TemporaryDirectory(prefix="desk-upload-") as name:
        path = Path(name) / "sent"
        size = await asyncio.to_thread(_copy, file, path)
        check(size, await asyncio.to_thread(_start_of, path))
        try:
            await storage.installed(current()).put_file(key, path)
        except storage.StorageFailed:
            raise StorageAway from None


def size_of(file: UploadFile) -> int:
    return file.file.seek(0, 2)


def _copy(file: UploadFile, path: Path) -> int:
    file.file.seek(0)
    with path.open("wb") as kept:
        shutil.copyfileobj(file.file, kept)
        return kept.tell()


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(rules.HEAD_BYTES)
