"""Sheets and feeds made on the fly: good ones of every kind, and the bad ones somebody sends."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl

HEADING = ("Stock No", "Make", "Model", "Year", "Price", "Mileage", "City")
ROWS = (
    ("KHI-1", "Suzuki", "Mehran", "2014", "1150000", "88,000 km", "Karachi"),
    ("KHI-2", "Toyota", "Vitz", "2016", "32.5 lakh", "71,200 km", "Lahore"),
    ("KHI-3", "Honda", "BR-V", "2021", "53 lac", "40,100 km", "Multan"),
)
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Stock" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="externalLink" Target="http://169.254.169.254/x" TargetMode="External"/>'
    "</Relationships>"
)


def text(rows: Iterable[Sequence[str]] = (HEADING, *ROWS), separator: str = ",", end: str = "\n") -> str:
    def cell(value: str) -> str:
        quoted = any(char in value for char in (separator, '"', "\n", "\r"))
        return '"' + value.replace('"', '""') + '"' if quoted else value

    return "".join(separator.join(map(cell, row)) + end for row in rows)


def put(folder: Path, content: str | bytes, name: str = "sheet.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(folder: Path, fill: Callable[[openpyxl.Workbook], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book)
    path = folder / "sheet.xlsx"
    book.save(path)
    book.close()
    return path


def raw_workbook(folder: Path, sheet: str, **parts: str) -> Path:
    """A workbook whose XML is written by hand; `parts` replace or add, `__` in a name is `/`."""
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
        **{f"{name.replace('__', '/')}.xml": content for name, content in parts.items()},
    }
    return archive(folder, files, "sheet.xlsx")


def sheet_xml(rows: Iterable[Sequence[str]] = (HEADING, *ROWS)) -> str:
    lines = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return f"<worksheet><sheetData>{lines}</sheetData></worksheet>"


def archive(folder: Path, files: dict[str, str | bytes], name: str = "sheet.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for inner, content in files.items():
            packed.writestr(inner, content)
    return path


def nameless(folder: Path) -> Path:
    """An entry whose name is overwritten by nothing: zipfile would not write it."""
    path = archive(folder, {"x": "a,b"})
    packed = bytearray(path.read_bytes())
    at = packed.index(b"PK\x01\x02")
    packed[at + 28 : at + 30] = b"\0\0"
    packed[at + 32 : at + 34] = b"\1\0"
    path.write_bytes(packed)
    return path


def link_archive(folder: Path) -> Path:
    path = folder / "link.zip"
    entry = zipfile.ZipInfo("stock.csv")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    return path


def bomb(folder: Path, inner: str = "stock.csv", megabytes: int = 64) -> Path:
    return archive(folder, {inner: b"0" * (megabytes * 1024**2)}, "bomb.zip")


def encrypted(folder: Path) -> Path:
    """The mark of encryption is what counts."""
    path = archive(folder, {"stock.csv": text()})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    path.write_bytes(raw)
    return path


def lying(folder: Path, claimed: int) -> Path:
    """An entry that says it is of another size than it is."""
    path = archive(folder, {"stock.csv": text(rows=[HEADING, *ROWS * 2000])})
    raw = bytearray(path.read_bytes())
    struct.pack_into("<L", raw, raw.index(b"PK\x01\x02") + 24, claimed)
    struct.pack_into("<L", raw, raw.index(b"PK\x03\x04") + 22, claimed)
    path.write_bytes(raw)
    return path


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("a.csv", content)
    return held.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<cars><car>&b;</car></cars>"
)
XXE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    "<cars><car><make>&e;</make></car></cars>"
)


def xml(items: str = "vehicles", item: str = "vehicle") -> str:
    def leaf(name: str, value: str) -> str:
        tag = name.replace(" ", "_")
        return f"<{tag}>{value}</{tag}>"

    cars = "".join(f"<{item}>{''.join(map(leaf, HEADING, row))}</{item}>" for row in ROWS)
    return f'<?xml version="1.0" encoding="UTF-8"?><{items}>{cars}</{items}>'
