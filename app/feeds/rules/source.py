"""A file as a stream of bytes: plain, gzipped, or the one sheet of a zip archive; counted while it is unpacked."""

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final, cast

from msgspec import Struct

from app.feeds.rules.bounds import MOST_BYTES, MOST_ENTRIES, MOST_PACKED, MOST_RATIO, RATIO_FROM
from app.feeds.rules.unreadable import Unreadable

ZIP, GZIP, OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN: Final = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ", b"\x7fELF",
    b"MZ\x90", b"RIFF", b"{\\rtf", b"SQLite format 3", b"PAR1", b"(\xb5/\xfd",
)  # fmt: skip
PACKED_FAULTS: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
    RuntimeError, ValueError, struct.error,
)  # fmt: skip
_SHEETS = (".csv", ".tsv", ".tab", ".txt", ".xml", ".json", ".jsonl", ".ndjson")
_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_MOST_DIRECTORY = 4 * 1024**2


class Source(Struct, frozen=True):
    """Where the bytes are; every `open` starts at the beginning again."""

    path: Path
    packing: str
    member: str = ""

    def open(self) -> io.BufferedReader:
        """Raises Unreadable, and so does reading it."""
        packed = self.path.stat().st_size
        if self.packing == "zip":
            archive = checked_archive(self.path)
            try:
                stream = open_entry(archive, archive.getinfo(self.member))
            except Unreadable:
                archive.close()
                raise
            return io.BufferedReader(Counted(stream, packed, archive), 256 * 1024)
        if self.packing == "gzip":
            return io.BufferedReader(Counted(cast(IO[bytes], gzip.GzipFile(self.path)), packed), 256 * 1024)
        return io.BufferedReader(Counted(self.path.open("rb"), None), 256 * 1024)


class Counted(io.RawIOBase):
    """Lets through what a sheet may have, and turns every fault of unpacking into a refusal."""

    def __init__(self, stream: IO[bytes], packed: int | None, archive: zipfile.ZipFile | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._archive = archive
        self._packed = packed
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except PACKED_FAULTS:
            raise Unreadable("damaged") from None
        self._read += len(data)
        if self._packed is not None and self._read > max(RATIO_FROM, self._packed * MOST_RATIO):
            raise Unreadable("zip_bomb")
        if self._read > MOST_BYTES:
            raise Unreadable("too_large")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        if self._archive is not None:
            self._archive.close()
        super().close()


def source_of(path: Path) -> Source:
    """A workbook's packing is `workbook`. Raises Unreadable."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8192)
    if not head:
        raise Unreadable("empty")
    if head.startswith(OLE):
        raise Unreadable(_of_old_kind(path))
    packing = "zip" if head.startswith((ZIP, b"PK\x05\x06")) else "gzip" if head.startswith(GZIP) else "plain"
    if size > (MOST_BYTES if packing == "plain" else MOST_PACKED):
        raise Unreadable("too_large")
    if packing == "plain":
        _refuse_foreign(head)
        return Source(path, packing)
    if packing == "zip" and (member := _only_sheet(path)) is None:
        return Source(path, "workbook")
    source = Source(path, packing, member if packing == "zip" and member else "")
    with source.open() as stream:
        inside = stream.read(8192)
    if inside.startswith((ZIP, GZIP)):
        raise Unreadable("nested_archive")
    if not inside:
        raise Unreadable("empty")
    _refuse_foreign(inside)
    return source


def checked_archive(path: Path) -> zipfile.ZipFile:
    """Opened once its directory is known to be small and honest. Raises Unreadable."""
    try:
        if _directory_bytes(path) > _MOST_DIRECTORY:
            raise Unreadable("zip_bomb")
        archive = zipfile.ZipFile(path)
    except PACKED_FAULTS:
        raise Unreadable("damaged") from None
    fault = _fault_of(archive.infolist())
    if fault is not None:
        archive.close()
        raise Unreadable(fault)
    return archive


def _fault_of(entries: list[zipfile.ZipInfo]) -> str | None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        return "zip_bomb"
    for entry in entries:
        if entry.flag_bits & 1:
            return "encrypted"
        if entry.file_size > max(RATIO_FROM, entry.compress_size * MOST_RATIO):
            return "zip_bomb"
    return None


def open_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("damaged")
    try:
        return archive.open(entry)
    except PACKED_FAULTS:
        raise Unreadable("damaged") from None


def _only_sheet(path: Path) -> str | None:
    """The entry to read; None when the archive is a workbook."""
    with checked_archive(path) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names or "xl/workbook.xml" in names:
            return None
        files = [entry for entry in archive.infolist() if _is_file(entry)]
        sheets = [entry for entry in files if entry.filename.lower().endswith(_SHEETS)] or files
        if not files or "mimetype" in names:
            raise Unreadable("not_a_sheet" if names else "empty")
        if len(sheets) > 1:
            raise Unreadable("many_files")
        return sheets[0].filename


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Asked of the name itself: zipfile's own `is_dir` fails on a nameless entry."""
    name = entry.filename
    left_out = not name or name.endswith("/") or name.startswith("__MACOSX/")
    return not left_out and not stat.S_ISLNK(entry.external_attr >> 16)


def _directory_bytes(path: Path) -> int:
    """What the archive says of the size of its own directory: zipfile would read all of it at once."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise Unreadable("damaged")
        said: int = struct.unpack_from("<L", tail, at + 12)[0]
        if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR:
            file.seek(min(struct.unpack_from("<Q", tail, at - 12)[0], size))
            record = file.read(56)
            said = max(said, struct.unpack_from("<Q", record, 40)[0])
        return said


def _of_old_kind(path: Path) -> str:
    with path.open("rb") as file:
        said = file.read(4 * 1024**2)
        file.seek(max(0, path.stat().st_size - 1024**2))
        said += file.read()
    return "encrypted" if "EncryptedPackage".encode("utf-16-le") in said else "old_excel"


def _refuse_foreign(head: bytes) -> None:
    if head.startswith(FOREIGN):
        raise Unreadable("not_a_sheet")
