"""Cars on their way out, some at a time: CSV, JSON and XML, each with a beginning and an end."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from xml.sax.saxutils import escape

import msgspec

from app.core.bounds import clean_text
from app.core.cells import harmless
from app.listings.schemas import OfferedCar
from app.outlets.rules import meta, plain

_BOM = b"\xef\xbb\xbf"
"""Excel reads UTF-8 only with it."""


class Writer(Protocol):
    """One feed while it is written; `cars` is asked again and again, in order. The framework adds a charset to text."""

    media_type: str
    extension: str

    def head(self) -> bytes: ...
    def cars(self, cars: Iterable[OfferedCar]) -> bytes: ...
    def foot(self) -> bytes: ...


def writer(kind: str, site: str) -> Writer:
    made: Writer = _WRITERS[kind](site)
    return made


class _Sheet:
    media_type, extension = "text/csv", "csv"

    def __init__(self, site: str) -> None:
        self._site = site

    def foot(self) -> bytes:
        return b""


class MetaSheet(_Sheet):
    def head(self) -> bytes:
        return _csv([meta.COLUMNS])

    def cars(self, cars: Iterable[OfferedCar]) -> bytes:
        return _csv([row[name] for name in meta.COLUMNS] for row in (meta.meta_row(car, self._site) for car in cars))


class PlainSheet(_Sheet):
    def head(self) -> bytes:
        return _BOM + _csv([plain.COLUMNS])

    def cars(self, cars: Iterable[OfferedCar]) -> bytes:
        return _csv([_cell(value) for value in plain.plain_row(car, self._site).values()] for car in cars)


class PlainJson:
    media_type, extension = "application/json; charset=utf-8", "json"

    def __init__(self, site: str) -> None:
        self._site, self._first = site, True

    def head(self) -> bytes:
        return b'{"vehicles":['

    def cars(self, cars: Iterable[OfferedCar]) -> bytes:
        rows = b",\n".join(msgspec.json.encode(plain.plain_row(car, self._site)) for car in cars)
        joined = rows if self._first or not rows else b",\n" + rows
        self._first = self._first and not rows
        return joined

    def foot(self) -> bytes:
        return b"]}\n"


class PlainXml:
    media_type, extension = "application/xml; charset=utf-8", "xml"

    def __init__(self, site: str) -> None:
        self._site = site

    def head(self) -> bytes:
        return b'<?xml version="1.0" encoding="UTF-8"?>\n<vehicles>\n'

    def cars(self, cars: Iterable[OfferedCar]) -> bytes:
        return "".join(_element(plain.plain_row(car, self._site)) for car in cars).encode()

    def foot(self) -> bytes:
        return b"</vehicles>\n"


_WRITERS: Mapping[str, Any] = {"meta_csv": MetaSheet, "csv": PlainSheet, "json": PlainJson, "xml": PlainXml}


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else harmless(str(value))


def _element(row: Mapping[str, Any]) -> str:
    """Only what is known. Characters that XML has no way to say are not in texts that came in, nor let out here."""
    said = {name: value for name, value in row.items() if value not in (None, [])}
    inner = "".join(f"<{name}>{_content(value)}</{name}>" for name, value in said.items())
    return f"<vehicle>{inner}</vehicle>\n"


def _content(value: Any) -> str:
    if isinstance(value, list):
        return "".join(f"<image>{_content(one)}</image>" for one in value)
    return escape(clean_text(str(value)))
