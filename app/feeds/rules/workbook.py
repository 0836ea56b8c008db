"""XLSX, read row by row: what the cells show, cached values of formulas included. Links and macros are ignored."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO

from msgspec import Struct

from app.feeds.rules.bounds import CHUNK, MOST_CELL, MOST_COLUMNS, MOST_SHARED, MOST_SHARED_TEXTS
from app.feeds.rules.expat import Parser, pieces
from app.feeds.rules.formats import Style, plain_number, style_of, styles_of
from app.feeds.rules.source import Counted, checked_archive, open_entry
from app.feeds.rules.unreadable import Unreadable

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class Tab(Struct, frozen=True):
    name: str
    part: str
    hidden: bool


class Workbook:
    """Close it. Everything raises Unreadable."""

    def __init__(self, path: Path) -> None:
        self._archive = checked_archive(path)
        self._parts = {entry.filename.lower(): entry for entry in self._archive.infolist()}
        self._since_1904 = False
        try:
            if _WORKBOOK not in self._parts:
                raise Unreadable("not_a_sheet")
            self.tabs = self._tabs()
        except Unreadable:
            self.close()
            raise
        self._texts: list[str] | None = None
        self._styles: list[Style] | None = None

    def close(self) -> None:
        self._archive.close()

    def rows(self, tab: Tab) -> Iterator[tuple[int, list[str]]]:
        """With their numbers; rows that are not in the file are left out."""
        if self._texts is None:
            self._texts = self._shared_texts()
            self._styles = self._cell_styles()
        cells = _Cells(self._texts, self._styles or [])
        parser = Parser(cells.start, cells.end, cells.text)
        with closing(self._open(tab.part)) as stream:
            for piece in pieces(stream, CHUNK):
                parser.feed(piece)
                yield from cells.rows
                cells.rows.clear()
            parser.feed(b"", last=True)
        yield from cells.rows

    def _tabs(self) -> list[Tab]:
        targets: dict[str, str] = {}
        found: list[Tab] = []

        def relation(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                part = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
                targets[attributes.get("Id", "")] = part.lower()

        def sheet(name: str, attributes: Mapping[str, str]) -> None:
            if name == "workbookPr":
                self._since_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet" and len(found) < MOST_COLUMNS:
                ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
                part = targets.get(ids[0] if ids else "", "")
                if part in self._parts:
                    hidden = attributes.get("state", "visible") != "visible"
                    found.append(Tab(attributes.get("name", "")[:100], part, hidden))

        if _RELATIONS in self._parts:
            self._walk(_RELATIONS, relation)
        self._walk(_WORKBOOK, sheet)
        return found

    def _shared_texts(self) -> list[str]:
        texts: list[str] = []
        if "xl/sharedstrings.xml" not in self._parts:
            return texts
        parts: list[str] = []
        inside, aside, total = False, 0, 0

        def start(name: str, _attributes: Mapping[str, str]) -> None:
            nonlocal inside, aside
            if name == "t":
                inside = aside == 0
            elif name == "rPh":
                aside += 1

        def end(name: str) -> None:
            nonlocal inside, aside, total
            if name == "si":
                texts.append("".join(parts)[:MOST_CELL])
                parts.clear()
                total += len(texts[-1])
                if total > MOST_SHARED or len(texts) > MOST_SHARED_TEXTS:
                    raise Unreadable("too_large")
            elif name == "t":
                inside = False
            elif name == "rPh":
                aside -= 1

        def text(said: str) -> None:
            if inside and len(parts) < MOST_CELL:
                parts.append(said)

        self._walk("xl/sharedstrings.xml", start, end, text)
        return texts

    def _cell_styles(self) -> list[Style]:
        styles = styles_of(since_1904=self._since_1904)
        if "xl/styles.xml" in self._parts:
            self._walk("xl/styles.xml", styles.start, styles.end)
        return styles.found

    def _walk(self, part: str, start: object, end: object = None, text: object = None) -> None:
        parser = Parser(start, end or (lambda _name: None), text)
        with closing(self._open(part)) as stream:
            for piece in pieces(stream, CHUNK):
                parser.feed(piece)
            parser.feed(b"", last=True)

    def _open(self, part: str) -> Counted:
        entry: zipfile.ZipInfo = self._parts[part]
        stream: IO[bytes] = open_entry(self._archive, entry)
        return Counted(stream, entry.compress_size)


class _Cells:
    """Collects finished rows of a sheet."""

    def __init__(self, texts: list[str], styles: list[Style]) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._texts = texts
        self._styles = styles
        self._columns: dict[str, int] = {}
        self._number = 0
        self._cells: list[str] = []
        self._at = -1
        self._kind = "n"
        self._style: Style | None = None
        self._parts: list[str] = []
        self._inside = False
        self._aside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            self._at = self._column(reference) if reference else self._at + 1
            self._kind = attributes.get("t", "n")
            self._style = style_of(self._styles, attributes.get("s")) if self._kind == "n" else None
        elif name in ("v", "t"):
            self._inside = not self._aside
        elif name == "row":
            said = attributes.get("r", "")
            self._number = int(said) if said.isdecimal() and len(said) < 9 else self._number + 1
            self._cells = []
            self._at = -1
        elif name == "rPh":
            self._aside = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            if self._parts:
                self._put("".join(self._parts))
                self._parts.clear()
        elif name == "row":
            self.rows.append((self._number, self._cells))
            self._cells = []
        elif name == "rPh":
            self._aside = False

    def text(self, said: str) -> None:
        if self._inside and len(self._parts) < MOST_CELL:
            self._parts.append(said)

    def _put(self, value: str) -> None:
        if not 0 <= self._at < MOST_COLUMNS:
            return
        if self._kind == "s":
            at = int(value) if value.isdecimal() and len(value) < 9 else -1
            value = self._texts[at] if 0 <= at < len(self._texts) else ""
        elif self._kind == "n":
            value = self._style.shown(value) if self._style else plain_number(value)
        elif self._kind == "e":
            value = ""
        cells = self._cells
        if len(cells) < self._at:
            cells.extend([""] * (self._at - len(cells)))
        if len(cells) == self._at:
            cells.append(value[:MOST_CELL])

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            known = 0
            for letter in letters[:4].upper():
                known = known * 26 + (ord(letter) - 64 if "A" <= letter <= "Z" else 0)
            known -= 1
            if len(self._columns) < 20_000:
                self._columns[letters] = known
        return known
