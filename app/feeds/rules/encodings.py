"""Which encoding a sheet is in, and its characters. What cannot be read becomes a mark, and a note says so."""

import codecs
import io
import re
from collections.abc import Iterator

from msgspec import Struct

from app.feeds.rules.bounds import CHUNK, MOST_LINE
from app.feeds.rules.source import Source
from app.feeds.rules.unreadable import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# what sheets are written in; codecs that unpack or execute something are not among them
_ALLOWED = re.compile(
    r"utf-?(?:8|16|32)(?:-?[bl]e)?(?:-sig)?|(?:us-?)?ascii|iso-?8859-?\d{1,2}|latin-?\d|(?:windows|cp)-?12\d\d|cp437"
    r"|mac-?(?:roman|arabic)|koi8-[ru]|gb(?:k|2312|18030)|big5|shift_?jis|euc-\w\w",
    re.IGNORECASE,
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1e\x7f]")
_PROBE = 256 * 1024


class Encoding(Struct, frozen=True):
    name: str
    mixed: bool = False


def chosen_encoding(name: str) -> Encoding:
    """What a person has chosen. Raises Unreadable."""
    name = name.strip()
    if not _ALLOWED.fullmatch(name):
        raise Unreadable("unknown_encoding")
    try:
        return Encoding(codecs.lookup(name).name)
    except LookupError:
        raise Unreadable("unknown_encoding") from None


def encoding_of(source: Source) -> Encoding:
    """By its mark, by the shape of UTF-16, as UTF-8 where all of it is; else as Windows writes Urdu or English."""
    with source.open() as stream:
        head = stream.read(CHUNK)
        mark = next((name for start, name in _MARKS if head.startswith(start)), None) or _utf_16(head)
        if mark is not None:
            return Encoding(mark)
        decoder = codecs.getincrementaldecoder("utf-8")()
        before, piece = b"", head
        while piece:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return _eight_bit(before + piece + stream.read(_PROBE))
            before = piece[-3:]
            piece = stream.read(_PROBE)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return Encoding("utf-8", mixed=True)
        return Encoding("utf-8")


def open_text(source: Source, encoding: str) -> io.TextIOWrapper:
    """Line ends stay as they are: CR alone is one too."""
    return io.TextIOWrapper(source.open(), encoding=encoding, errors="replace", newline="")


def lines_of(text: io.TextIOWrapper) -> Iterator[str]:
    """Without NULs and byte order marks, and none longer than a row can be. Raises Unreadable."""
    first = True
    while line := text.readline(MOST_LINE):
        if len(line) >= MOST_LINE:
            raise Unreadable("line_too_long" if line.strip("\0") else "not_a_sheet")
        if "\0" in line:
            line = line.replace("\0", "")
        if first:
            line, first = line.lstrip("\ufeff"), False
        yield line


def is_text(sample: str) -> bool:
    """Programs and pictures are full of control characters."""
    return len(_CONTROLS.findall(sample)) * 50 <= len(sample)


def _utf_16(head: bytes) -> str | None:
    """UTF-16 without a mark: the upper bytes of English and Urdu are 0 and 6."""
    if len(head) < 8 or 0 not in head:
        return None
    even, odd = head[0::2], head[1::2]
    upper_even, upper_odd = (sum(part.count(byte) for byte in (0, 6)) / len(part) for part in (even, odd))
    if upper_odd > 0.9 and upper_even < 0.4:
        return "utf-16-le"
    return "utf-16-be" if upper_even > 0.9 and upper_odd < 0.4 else None


def _eight_bit(piece: bytes) -> Encoding:
    """Not UTF-8, or nearly so. Urdu words are runs of high bytes, an accent or a dash stands alone."""
    runs = [len(run) for run in _HIGH_RUN.findall(piece)]
    text = piece.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    if whole > 4 * broken:
        return Encoding("utf-8", mixed=True)
    in_words = sum(run for run in runs if run >= 3)
    return Encoding("cp1256" if in_words > sum(runs) - in_words else "cp1252")
