"""Where files live: a local directory, any S3, or memory in tests. A key is a path that never leaves the root."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct
from obstore import sign
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from app.adapters import s3_forms
from app.adapters.breaker import Breaker, BreakerOpen
from app.core import signed
from app.core.settings import Settings

UPLOADS = "/api/v1/uploads"
FILES = "/files"
BYTES_WITHIN_S, FILE_WITHIN_S = 20.0, 300.0
_CHUNK = 4 * 1024 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LONGEST_KEY = 300


class StorageFailed(Exception):
    """What every call may raise."""


class NoSuchFile(StorageFailed):
    """Nothing is kept under that key: another try will not help."""


class StorageDown(StorageFailed):
    """Refused, cut or too slow: worth another try."""


class Upload(Struct, frozen=True):
    """A form a browser may post a file with: the fields, then the file as the last field `file`."""

    url: str
    fields: dict[str, str]


class Storage(Protocol):
    """Every call raises StorageFailed; a key that is none is a ValueError. `kind` is the media type."""

    async def put(self, key: str, data: bytes, *, kind: str = "") -> None: ...
    async def put_file(self, key: str, path: Path, *, kind: str = "") -> None: ...
    async def get(self, key: str) -> bytes: ...
    async def fetch_to(self, key: str, path: Path) -> None: ...
    async def size(self, key: str) -> int: ...
    async def start(self, key: str, most_bytes: int) -> bytes: ...
    async def delete(self, key: str) -> None: ...
    async def delete_older(self, folder: str, before: datetime) -> int: ...
    def presign_upload(self, key: str, *, kind: str, most_bytes: int, within_s: int) -> Upload: ...
    def presign_read(self, key: str, *, within_s: int) -> str: ...


class _Objects:
    """What the three have in common: one library, one deadline, one exception."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._breaker = Breaker("storage", failures=(StorageDown,))

    async def put(self, key: str, data: bytes, *, kind: str = "") -> None:
        async with self._call(BYTES_WITHIN_S):
            await self._store.put_async(_safe(key), data, attributes=self._attributes(kind))

    async def put_file(self, key: str, path: Path, *, kind: str = "") -> None:
        """In parts, never whole in memory."""
        async with self._call(FILE_WITHIN_S):
            await self._store.put_async(_safe(key), path, attributes=self._attributes(kind))

    async def get(self, key: str) -> bytes:
        async with self._call(BYTES_WITHIN_S):
            found = await self._store.get_async(_safe(key))
            return bytes(await found.bytes_async())

    async def fetch_to(self, key: str, path: Path) -> None:
        """In parts; what was cut is not left behind."""
        try:
            async with self._call(FILE_WITHIN_S):
                found = await self._store.get_async(_safe(key))
                with await asyncio.to_thread(path.open, "wb") as file:
                    async for chunk in found.stream(min_chunk_size=_CHUNK):
                        await asyncio.to_thread(file.write, chunk)
        except BaseException:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise

    async def size(self, key: str) -> int:
        async with self._call(BYTES_WITHIN_S):
            return int((await self._store.head_async(_safe(key)))["size"])

    async def start(self, key: str, most_bytes: int) -> bytes:
        """The first bytes of a file that is not empty."""
        async with self._call(BYTES_WITHIN_S):
            return bytes(await self._store.get_range_async(_safe(key), start=0, end=most_bytes))

    async def delete(self, key: str) -> None:
        """Gone before is gone as well."""
        try:
            async with self._call(BYTES_WITHIN_S):
                await self._store.delete_async(_safe(key))
        except NoSuchFile:
            return

    async def delete_older(self, folder: str, before: datetime) -> int:
        """What was put into `folder` before that moment; how many files that were."""
        async with self._call(FILE_WITHIN_S):
            found = [one async for some in self._store.list(_safe(folder)) for one in some]
        old = [one["path"] for one in found if one["last_modified"] < before]
        for key in old:
            await self.delete(key)
        return len(old)

    def presign_upload(self, key: str, *, kind: str, most_bytes: int, within_s: int) -> Upload:
        """A form for our own route: whoever holds it may send this file until then, and nothing else."""
        fields = {"key": _safe(key), "Content-Type": kind, "most": str(most_bytes), "until": signed.until(within_s)}
        return Upload(UPLOADS, {**fields, "signature": signed.signature(UPLOADS, *fields.values())})

    def presign_read(self, key: str, *, within_s: int) -> str:
        until = signed.until(within_s)
        signature = signed.signature(FILES, _safe(key), until)
        return f"{FILES}/{key}?{urlencode({'until': until, 'signature': signature})}"

    def _attributes(self, _kind: str) -> dict[str, str] | None:
        return None  # a file system keeps none

    @asynccontextmanager
    async def _call(self, within_s: float) -> AsyncIterator[None]:
        try:
            async with self._breaker, _one_exception(), asyncio.timeout(within_s):
                yield
        except BreakerOpen as error:
            raise StorageDown(str(error)) from error


class LocalStorage(_Objects):
    """A directory of this machine, enough for one host."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(LocalStore(root.resolve()))


class MemoryStorage(_Objects):
    """For tests."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())


class S3Storage(_Objects):
    """A bucket: browsers send to it and read from it directly."""

    def __init__(self, url: str, endpoint: str | None, access_key: str, secret_key: str) -> None:
        parts = urlsplit(url)
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._region = parse_qs(parts.query).get("region", ["us-east-1"])[0]
        self._keys = access_key, secret_key
        amazons = f"https://{self._bucket}.s3.{self._region}.amazonaws.com"
        self.address = f"{endpoint}/{self._bucket}" if endpoint else amazons
        self._s3 = S3Store(
            self._bucket,
            prefix=self._prefix or None,
            config={
                "access_key_id": access_key,
                "secret_access_key": secret_key,
                "region": self._region,
                "virtual_hosted_style_request": endpoint is None,
                "endpoint": endpoint or amazons,
                "disable_bulk_delete": True,  # not every bucket that calls itself S3 has it
            },
            client_options={
                "allow_http": self.address.startswith("http://"),
                "connect_timeout": timedelta(seconds=3),
                "timeout": timedelta(seconds=FILE_WITHIN_S),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        )
        super().__init__(self._s3)

    def presign_upload(self, key: str, *, kind: str, most_bytes: int, within_s: int) -> Upload:
        """A POST policy: the bucket itself refuses another key, another type and too many bytes."""
        whole = f"{self._prefix}/{_safe(key)}".lstrip("/")
        fields = {"key": whole, "Content-Type": kind}
        conditions = [{"bucket": self._bucket}, ["content-length-range", 1, most_bytes]]
        return Upload(self.address, s3_forms.signed(fields, conditions, self._keys, self._region, within_s))

    def presign_read(self, key: str, *, within_s: int) -> str:
        return sign(self._s3, "GET", _safe(key), expires_in=timedelta(seconds=within_s))

    def _attributes(self, kind: str) -> dict[str, str] | None:
        return {"Content-Type": kind} if kind else None


_storage: Storage | None = None


def install(storage: Storage | None) -> None:
    """Make `storage` the one of this process; None: decide again from the settings."""
    global _storage
    _storage = storage


def installed(settings: Settings) -> Storage:
    """The storage of this process, made once: it keeps its connections and its breaker."""
    global _storage
    _storage = _storage or storage_for(settings)
    return _storage


def storage_for(settings: Settings) -> Storage:
    if settings.storage_url:
        keys = settings.media_access_key or "", settings.media_secret_key or ""
        return S3Storage(settings.storage_url, settings.media_endpoint, *keys)
    return LocalStorage(settings.desk_data / "files")


def may_upload(fields: Mapping[str, str], size: int) -> bool:
    """Whether these are fields we signed, still in time, for a file of that many bytes."""
    parts = [fields.get(name, "") for name in ("key", "Content-Type", "most", "until")]
    return signed.holds(fields.get("signature", ""), UPLOADS, *parts) and 0 < size <= int(parts[2])


def may_read(key: str, until: str, signature: str) -> bool:
    return signed.holds(signature, FILES, key, until)


def _safe(key: str) -> str:
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key[:80]!r}")
    return key


@asynccontextmanager
async def _one_exception() -> AsyncIterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NoSuchFile from error
    except (BaseError, OSError, TimeoutError) as error:
        raise StorageDown(type(error).__name__) from error
