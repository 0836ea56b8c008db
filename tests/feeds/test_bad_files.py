"""Every file that cannot be a sheet of cars is refused by name, quickly and in little memory."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from app.feeds.rules import Unreadable, open_sheet
from app.feeds.rules.bounds import MOST_BYTES, MOST_LINE
from app.feeds.rules.words import FILES
from tests.feeds import made
from tests.feeds.made import archive, put, raw_workbook, sheet_xml


def deep_xml(depth: int) -> str:
    return "<a>" * depth + "x" + "</a>" * depth


def huge(folder: Path) -> Path:
    path = folder / "huge.csv"
    with path.open("wb") as file:
        file.write(b"make,model\n")
        file.truncate(MOST_BYTES + 1)
    return path


def half_a_workbook(folder: Path) -> Path:
    path = raw_workbook(folder, sheet_xml())
    path.write_bytes(path.read_bytes()[:-200])
    return path


def long_line(folder: Path, start: bytes, megabytes: int = 200) -> Path:
    path = folder / "long.csv"
    with path.open("wb") as file:
        file.write(start)
        for _piece in range(megabytes):
            file.write(b"x" * 1024**2)
    return path


BAD: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "empty": ("empty", lambda folder: put(folder, b"")),
    "blank": ("empty", lambda folder: put(folder, " \r\n\r\n\t ")),
    "only a mark": ("empty", lambda folder: put(folder, b"\xef\xbb\xbf")),
    "a heading alone": ("no_rows", lambda folder: put(folder, "Make,Model,Price\r\n\r\n")),
    "a workbook's heading alone": ("no_rows", lambda folder: raw_workbook(folder, sheet_xml([made.HEADING]))),
    "an empty workbook": ("empty", lambda folder: raw_workbook(folder, "<worksheet><sheetData/></worksheet>")),
    "doctype": ("doctype", lambda folder: put(folder, "<!DOCTYPE cars><cars><car><make>Kia</make></car></cars>")),
    "external entity": ("doctype", lambda folder: put(folder, made.XXE)),
    "laughs": ("doctype", lambda folder: put(folder, made.LAUGHS)),
    "doctype in UTF-16": ("doctype", lambda folder: put(folder, made.XXE, encoding="utf-16")),
    "doctype of a workbook": ("doctype", lambda folder: raw_workbook(folder, made.LAUGHS)),
    "200,000 deep": ("too_deep", lambda folder: put(folder, deep_xml(200_000))),
    "200,000 deep JSON": ("too_deep", lambda folder: put(folder, "[" * 200_000 + "]" * 200_000)),
    "200,000 deep objects": ("too_deep", lambda folder: put(folder, '{"a":' * 200_000 + "1" + "}" * 200_000)),
    "unclosed": ("damaged", lambda folder: put(folder, made.xml().removesuffix("</vehicles>"))),
    "two roots": ("damaged", lambda folder: put(folder, made.xml() + made.xml().partition("?>")[2])),
    "crossed tags": ("damaged", lambda folder: put(folder, "<cars><car><make>Kia</car></make></cars>")),
    "unclosed JSON": ("damaged", lambda folder: put(folder, '{"items": [{"make": "Kia", "model": "Picanto"}')),
    "JSON with a tail": ("damaged", lambda folder: put(folder, '[{"make": "Kia", "model": "Picanto"}] x')),
    "a number without end": ("damaged", lambda folder: put(folder, '[{"make": "Kia", "price": ' + "9" * 5000 + "}]")),
    "unknown container": (
        "unknown_container",
        lambda folder: put(folder, "<feed><blob>Kia Picanto 2020</blob></feed>"),
    ),
    "unknown JSON": ("unknown_container", lambda folder: put(folder, '{"blob": "Kia Picanto", "list": [1, 2, 3]}')),
    "a sign-in page": ("html_page", lambda folder: put(folder, "<!doctype html><html><body>Sign in</body></html>")),
    "a page without doctype": (
        "html_page",
        lambda folder: put(folder, "\n <HTML><body><form>Login</form></body></HTML>"),
    ),
    "a table saved as .xls": (
        "html_page",
        lambda folder: put(folder, "<table><tr><td>Make</td></tr></table>", "a.xls"),
    ),
    "PDF": ("not_a_sheet", lambda folder: put(folder, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")),
    "picture": ("not_a_sheet", lambda folder: put(folder, b"\x89PNG\r\n\x1a\n" + bytes(100), "cars.csv")),
    "program": ("not_a_sheet", lambda folder: put(folder, bytes(range(1, 32)) * 100)),
    "Excel of the old kind": (
        "old_excel",
        lambda folder: put(folder, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ),
    "locked workbook": (
        "encrypted",
        lambda folder: put(
            folder,
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
        ),
    ),
    "locked archive": ("encrypted", made.encrypted),
    "zip bomb": ("zip_bomb", made.bomb),
    "bomb in a workbook": (
        "zip_bomb",
        lambda folder: raw_workbook(folder, sheet_xml(), xl__sharedStrings="<sst>" + "<si><t>a</t></si>" * 2_000_000),
    ),
    "gzip bomb": ("zip_bomb", lambda folder: put(folder, made.gzipped(b"a,b\n" + bytes(64 * 1024**2)))),
    "2,000 entries": ("zip_bomb", lambda folder: archive(folder, {f"{n}.csv": "a" for n in range(2000)})),
    "a size too small": ("damaged", lambda folder: made.lying(folder, 1000)),
    "a size of 3 GB": ("zip_bomb", lambda folder: made.lying(folder, 3 * 1024**3)),
    "archive in an archive": ("nested_archive", lambda folder: archive(folder, {"a.csv": made.zipped(b"a,b")})),
    "gzip in an archive": ("nested_archive", lambda folder: archive(folder, {"a.csv": made.gzipped(b"a,b")})),
    "symlink": ("not_a_sheet", made.link_archive),
    "an entry without a name": ("not_a_sheet", made.nameless),
    "two sheets": ("many_files", lambda folder: archive(folder, {"a.csv": made.text(), "b.csv": made.text()})),
    "an archive of nothing": ("empty", lambda folder: archive(folder, {})),
    "document": ("not_a_sheet", lambda folder: archive(folder, {"mimetype": "x", "content.xml": "<a/>"})),
    "half a workbook": ("damaged", half_a_workbook),
    "a workbook that is none": ("not_a_sheet", lambda folder: archive(folder, {"[Content_Types].xml": "<a/>"})),
    "a broken sheet": ("damaged", lambda folder: raw_workbook(folder, sheet_xml().removesuffix("</worksheet>"))),
    "a tag of 8 MB": ("line_too_long", lambda folder: put(folder, '<a b="' + "x" * 8 * 1024**2 + '"/>')),
    "a comment of 8 MB": ("line_too_long", lambda folder: put(folder, "<a><!--" + "x" * 8 * 1024**2 + "--></a>")),
    "a JSON text of 8 MB": ("line_too_long", lambda folder: put(folder, '[{"make": "' + "x" * 8 * 1024**2 + '"}]')),
    "a JSON number of 5,000 digits": ("damaged", lambda folder: put(folder, '[{"price": ' + "9" * 5000 + "}]")),
    "a JSON number that is none": ("damaged", lambda folder: put(folder, '[{"price": -}]')),
    "301 columns": ("too_many_columns", lambda folder: put(folder, made.text([[f"c{n}" for n in range(400)]] * 5))),
    "200-MB line": ("line_too_long", lambda folder: long_line(folder, b"make,model\n")),
    "2 GB": ("too_large", huge),
}


@pytest.mark.parametrize(("code", "make"), BAD.values(), ids=BAD.keys())
def test_bad_file_is_refused_by_name(tmp_path: Path, code: str, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)

    with pytest.raises(Unreadable) as refused:
        open_sheet(path)

    assert refused.value.code == code
    assert refused.value.says == FILES[code]
    assert refused.value.status == 422


@pytest.mark.parametrize("kind", ["zip bomb", "200-MB line", "200,000 deep", "a size of 3 GB"])
def test_refusal_needs_little_memory(tmp_path: Path, kind: str) -> None:
    path = BAD[kind][1](tmp_path)
    tracemalloc.start()

    with pytest.raises(Unreadable):
        open_sheet(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 24 * 1024**2


def test_names_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    sheet = open_sheet(archive(tmp_path, {"../../../etc/cron.d/stock.csv": made.text()}))

    assert len(list(sheet.rows())) == len(made.ROWS)
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.zip"]


def test_damage_beyond_the_first_rows_ends_the_reading(tmp_path: Path) -> None:
    rows = [dict(zip(made.HEADING, made.ROWS[0], strict=True))] * 3000
    whole = json.dumps({"items": rows})
    path = put(tmp_path, whole[: len(whole) // 2])

    with pytest.raises(Unreadable) as refused:
        open_sheet(path)

    assert refused.value.code == "damaged"


def test_a_long_line_below_the_first_rows_ends_the_reading(tmp_path: Path) -> None:
    path = put(tmp_path, made.text([made.HEADING, *made.ROWS * 400]) + "x" * MOST_LINE)
    sheet = open_sheet(path)

    with pytest.raises(Unreadable) as refused:
        list(sheet.rows())

    assert refused.value.code == "line_too_long"


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"encoding": "zlib"}, "unknown_encoding"),
        ({"encoding": "utf-99"}, "unknown_encoding"),
        ({"separator": "ab"}, "unknown_separator"),
        ({"separator": '"'}, "unknown_separator"),
        ({"format": "xlsx"}, "not_a_sheet"),
        ({"format": "xml"}, "damaged"),
    ],
)
def test_choice_that_cannot_be(tmp_path: Path, choice: dict[str, str], code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        open_sheet(put(tmp_path, made.text()), **choice)

    assert refused.value.code == code


def test_tab_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        open_sheet(raw_workbook(tmp_path, sheet_xml()), tab="Stock 2")

    assert refused.value.code == "unknown_tab"
