"""Good sheets of every format, encoding and shape are read as the same rows under the same columns."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.feeds.rules import Sheet, open_sheet
from tests.feeds import made
from tests.feeds.made import HEADING, ROWS, archive, put, raw_workbook, sheet_xml, workbook


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows()]


def headers(sheet: Sheet) -> tuple[str, ...]:
    return tuple(column.header for column in sheet.columns)


def found(sheet: Sheet, header: str) -> list[str]:
    at = headers(sheet).index(header)
    return [row.cells[at] for row in sheet.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    sheet = open_sheet(put(tmp_path, made.text(separator=separator, end=end), encoding=encoding))

    assert headers(sheet) == HEADING
    assert cells(sheet) == list(ROWS)
    assert (sheet.separator, sheet.format) == (separator, "tsv" if separator == "\t" else "csv")
    assert sheet.heading_row == 1
    assert [row.number for row in sheet.rows()] == [2, 3, 4]


@pytest.mark.parametrize(("encoding", "told"), [("cp1256", "cp1256"), ("utf-8", "utf-8"), ("utf-16-le", "utf-16-le")])
def test_urdu(tmp_path: Path, encoding: str, told: str) -> None:
    rows = [("کمپنی", "ماڈل", "قیمت"), ("سوزوکی", "مہران", "قیمت پر بات"), ("ٹویوٹا", "کرولا", "بیالیس لاکھ")]
    rows = [tuple(cell.replace("ی", "ي") if encoding == "cp1256" else cell for cell in row) for row in rows]
    sheet = open_sheet(put(tmp_path, made.text(rows).encode(encoding, "replace")))

    assert sheet.encoding == told
    assert len(sheet.columns) == 3
    assert found(sheet, headers(sheet)[0])[0] == rows[1][0].encode(encoding, "replace").decode(encoding)


def test_accents_of_windows(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "Make,Model,Note\nCitroën,C3,“clean” – one owner\n", encoding="cp1252"))

    assert (sheet.encoding, cells(sheet)) == ("cp1252", [("Citroën", "C3", "“clean” – one owner")])


def test_a_wrong_guess_is_corrected(tmp_path: Path) -> None:
    path = put(tmp_path, "Make;Model;Price\nKia;Picanto;1,2,3\nKia;Stonic;4,5,6\n".encode("cp1252"))

    assert headers(open_sheet(path, separator=",")) != ("Make", "Model", "Price")
    assert headers(open_sheet(path, separator=";")) == ("Make", "Model", "Price")
    assert headers(open_sheet(path, separator="semicolon", encoding="latin-1")) == ("Make", "Model", "Price")
    assert open_sheet(put(tmp_path, "é,b\nc,d\n".encode()), encoding="latin-1").encoding == "iso8859-1"


def test_a_few_broken_characters_do_not_change_the_encoding(tmp_path: Path) -> None:
    raw = ("Make,Note\n" + "سوزوکی,بہترین\n" * 40).encode() + b"Kia,caf\xe9\n"
    sheet = open_sheet(put(tmp_path, raw))

    assert sheet.encoding == "utf-8"
    assert "mixed_encoding" in sheet.notes
    assert cells(sheet)[0] == ("سوزوکی", "بہترین")


def test_quotes_and_newlines_inside_cells(tmp_path: Path) -> None:
    rows = [
        ("Make", "Model", "Notes"),
        ("Kia", 'Picanto 14" rims', "one owner,\nno touching"),
        ("Kia", "Stonic", "a\r\nb"),
    ]
    sheet = open_sheet(put(tmp_path, made.text(rows)))

    assert cells(sheet) == rows[1:]
    assert [row.number for row in sheet.rows()] == [2, 3]


@pytest.mark.parametrize("broken", ['"Kia,Picanto,2020', 'Kia,"Picanto,2020', 'Kia,Picanto,"2020'])
def test_a_quote_left_open_swallows_no_row(tmp_path: Path, broken: str) -> None:
    lines = ["Make,Model,Year", "Kia,Stonic,2021", broken, *["Kia,Sportage,2022"] * 500, '"Kia",Sorento,2023']
    sheet = open_sheet(put(tmp_path, "\n".join(lines)))

    got = cells(sheet)
    assert got[1] == ("Kia", "Picanto", "2020")
    assert len(got) == 503
    assert got[-1] == ("Kia", "Sorento", "2023")


def test_nul_bytes_are_dropped(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, made.text().replace("Mehran", "Meh\0ran").encode() + b"\0\0\0"))

    assert cells(sheet)[0][2] == "Mehran"
    assert len(cells(sheet)) == 3


def test_rows_above_the_heading_and_below_the_cars(tmp_path: Path) -> None:
    above = "Ravi Motors - stock list\r\nUpdated 1 Nov 2026,,\r\n\r\n"
    sheet = open_sheet(put(tmp_path, above + made.text(end="\r\n") + ",,,\r\n\r\n , \r\n"))

    assert headers(sheet) == HEADING
    assert sheet.heading_row == 4
    assert cells(sheet) == list(ROWS)
    assert [row.number for row in sheet.rows()] == [5, 6, 7]


def test_a_heading_repeated_on_every_page_is_no_row(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, made.text([HEADING, ROWS[0], HEADING, ROWS[1]])))

    assert [row.number for row in sheet.rows()] == [2, 4]


def test_headings_twice_or_empty(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "Make,Model,,Price,Price\nKia,Picanto,x,1,2\nKia,Stonic,y,3,4\n"))

    assert headers(sheet) == ("Make", "Model", "Column 3", "Price", "Price (2)")
    assert "renamed_columns" in sheet.notes


def test_ragged_rows(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "Make,Model,Price\nKia,Picanto\nKia,Stonic,42,50,000\nKia,Sorento,1,,\n"))
    short, long, trailing = sheet.rows()

    assert short.cells == ("Kia", "Picanto", "")
    assert long.extra == ("50", "000")
    assert trailing.extra == ()


def test_no_heading_at_all(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "2015,1300,4250000\n2016,1500,4350000\n"))

    assert headers(sheet) == ("Column 1", "Column 2", "Column 3")
    assert (sheet.heading_row, "no_heading" in sheet.notes) == (0, True)
    assert len(cells(sheet)) == 2


def test_one_column_of_titles(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "Listing\nKia Picanto 2020, Lahore\nKia Stonic 2021\nKia Sorento 2022, Multan\n"))

    assert headers(sheet) == ("Listing",)
    assert cells(sheet)[0] == ("Kia Picanto 2020, Lahore",)


def test_what_excel_says_of_the_separator(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "sep=;\r\n" + made.text(separator=";", end="\r\n")))

    assert (sheet.separator, headers(sheet), len(cells(sheet))) == (";", HEADING, 3)


def test_columns_tell_how_full_they_are(tmp_path: Path) -> None:
    lines = ["Make,Colour", "Kia,white", "Kia,", "Kia,black", "Kia,white", "Kia,grey", "Kia,red"]
    make, colour = open_sheet(put(tmp_path, "\n".join(lines))).columns

    assert (make.fill, make.samples) == (1.0, ("Kia",))
    assert (colour.fill, colour.samples) == (0.8333, ("white", "black", "grey"))


def test_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, made.text([HEADING, *ROWS * 10])))
    every = list(sheet.rows())

    assert list(sheet.rows(after=every[12].number)) == every[13:]
    assert list(sheet.rows(after=0)) == every


@pytest.mark.parametrize("kind", ["zip", "gzip"])
def test_packed_sheet(tmp_path: Path, kind: str) -> None:
    packed = archive(tmp_path, {"__MACOSX/x": "1", "in/stock.csv": made.text()}) if kind == "zip" else None
    sheet = open_sheet(packed or put(tmp_path, made.gzipped(made.text().encode())))

    assert cells(sheet) == list(ROWS)


def test_workbook(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        tab = book.active
        tab.title = "Stock"
        tab.append(["Ravi Motors"])
        tab.merge_cells("A1:G1")
        tab.append(["Make", "Model", "Year", "Price", "Arrived", "Km", "Engine"])
        tab.append(["Kia", "Picanto", 2020, 2_950_000, date(2026, 11, 1), 41_000.0, 0.1 + 0.2])
        tab.append([])
        tab.append(
            [
                "Kia",
                "Stonic",
                "2021",
                "=C3*2",
                datetime(2026, 11, 2, 10, 30, tzinfo=UTC).replace(tzinfo=None),
                None,
                "1.4L",
            ]
        )
        tab["D3"].number_format = "#,##0"
        tab["F3"].number_format = '#,##0" km"'
        book.create_sheet("Sold").append(["Nothing here"])
        hidden = book.create_sheet("Costs")
        hidden.sheet_state = "hidden"
        hidden.append(["Make", "Model", "Cost", "Year", "Price", "Km", "Colour", "City", "Fuel"])

    sheet = open_sheet(workbook(tmp_path, fill))

    assert (sheet.format, sheet.tab, sheet.tabs) == ("xlsx", "Stock", ("Stock", "Sold"))
    assert "hidden_tabs" in sheet.notes
    assert sheet.heading_row == 2
    assert cells(sheet) == [
        ("Kia", "Picanto", "2020", "2950000", "2026-11-01", "41000 km", "0.3"),
        ("Kia", "Stonic", "2021", "", "2026-11-02 10:30:00", "", "1.4L"),
    ]
    assert [row.number for row in sheet.rows()] == [3, 5]


def test_a_tab_is_chosen(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["Make", "Model"])
        book.active.append(["Kia", "Picanto"])
        used = book.create_sheet("Used")
        used.append(["Make", "Model", "Price"])
        used.append(["Kia", "Sorento", 1])

    path = workbook(tmp_path, fill)

    assert cells(open_sheet(path, tab="Sheet")) == [("Kia", "Picanto")]
    assert cells(open_sheet(path, tab="Used")) == [("Kia", "Sorento", "1")]
    assert open_sheet(path).tab == "Used"


def test_headings_merged_downwards(tmp_path: Path) -> None:
    rows = [("Vehicle", "", "", "Price"), ("Make", "Model", "Year", ""), ("Kia", "Picanto", "2020", "29 lakh")]
    sheet = open_sheet(raw_workbook(tmp_path, sheet_xml(rows)))

    assert headers(sheet) == ("Make", "Model", "Year", "Price")


def test_cached_values_are_what_counts(tmp_path: Path) -> None:
    sheet_of_formulas = (
        "<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><x:sheetData>"
        "<x:row r='1'><x:c t='inlineStr'><x:is><x:t>Make</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t>Price</x:t>"
        "</x:is></x:c></x:row>"
        "<x:row r='3'><x:c r='A3' t='str'><x:f>HYPERLINK(\"http://10.0.0.1\",\"Kia\")</x:f><x:v>Kia</x:v></x:c>"
        "<x:c r='B3'><x:f>B1*2</x:f><x:v>2.95E6</x:v></x:c><x:c r='C3' t='e'><x:v>#N/A</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    sheet = open_sheet(raw_workbook(tmp_path, sheet_of_formulas, xl__externalLinks__externalLink1="<a/>"))

    assert [(row.number, row.cells[:2]) for row in sheet.rows()] == [(3, ("Kia", "2950000"))]


@pytest.mark.parametrize(
    "content",
    [
        made.xml(),
        made.xml("items", "item"),
        made.xml().replace("<vehicle>", '<v:vehicle xmlns:v="urn:x">').replace("</vehicle>", "</v:vehicle>"),
        "<stock><dealer><name>Ravi</name><city>Lahore</city></dealer>" + made.xml().partition("?>")[2] + "</stock>",
        made.xml().replace('encoding="UTF-8"', 'encoding="UTF-16"'),
        made.xml().replace('encoding="UTF-8"', 'encoding="x-unheard-of"'),
    ],
)
def test_xml(tmp_path: Path, content: str) -> None:
    sheet = open_sheet(put(tmp_path, content))

    assert sheet.format == "xml"
    assert headers(sheet) == tuple(name.replace(" ", "_") for name in HEADING)
    assert cells(sheet) == list(ROWS)
    assert [row.number for row in sheet.rows()] == [1, 2, 3]


def test_xml_in_utf_16(tmp_path: Path) -> None:
    assert cells(open_sheet(put(tmp_path, made.xml(), encoding="utf-16"))) == list(ROWS)


def test_xml_of_attributes(tmp_path: Path) -> None:
    sheet = open_sheet(
        put(tmp_path, '<cars><car make="Kia" model="Picanto" price="29 lakh"/><car make="Kia" model="Stonic"/></cars>')
    )

    assert headers(sheet) == ("make", "model", "price")
    assert cells(sheet) == [("Kia", "Picanto", "29 lakh"), ("Kia", "Stonic", "")]


@pytest.mark.parametrize(
    "pair",
    [
        '<attribute name="{}">{}</attribute>',
        '<field name="{}" value="{}"/>',
        "<spec><name>{}</name><value>{}</value></spec>",
    ],
)
def test_xml_of_named_attributes(tmp_path: Path, pair: str) -> None:
    cars = "".join(
        "<car><id>1</id><attributes>" + pair.format("Make", "Kia") + pair.format("Model", model) + "</attributes></car>"
        for model in ("Picanto", "Stonic")
    )
    sheet = open_sheet(put(tmp_path, f"<feed>{cars}</feed>"))

    assert headers(sheet) == ("id", "attributes.Make", "attributes.Model")
    assert found(sheet, "attributes.Model") == ["Picanto", "Stonic"]


def test_pictures_of_a_car_stand_in_one_cell(tmp_path: Path) -> None:
    pictures = "<images><image>https://a.pk/1.jpg</image><image>https://a.pk/2.jpg</image></images>"
    car = f"<car><make>Kia</make><model>Picanto</model><price currency='PKR'>29 lakh</price>{pictures}</car>"
    sheet = open_sheet(put(tmp_path, f"<cars>{car}{car}</cars>"))

    assert headers(sheet) == ("make", "model", "price.currency", "price", "images.image")
    assert found(sheet, "images.image")[0] == "https://a.pk/1.jpg\nhttps://a.pk/2.jpg"


def test_one_car_is_a_feed_too(tmp_path: Path) -> None:
    sheet = open_sheet(put(tmp_path, "<vehicles><vehicle><make>Kia</make><model>Picanto</model></vehicle></vehicles>"))

    assert (headers(sheet), cells(sheet)) == (("make", "model"), [("Kia", "Picanto")])


CARS = [{"make": "Kia", "model": "Picanto", "price": 2950000}, {"make": "Kia", "model": "Stonic", "price": None}]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(CARS),
        json.dumps({"items": CARS}),
        json.dumps({"status": "ok", "page": 1, "data": {"total": 2, "vehicles": CARS}}),
        "\n".join(map(json.dumps, CARS)),
        "\ufeff" + json.dumps(CARS, indent=1),
    ],
)
def test_json(tmp_path: Path, content: str) -> None:
    sheet = open_sheet(put(tmp_path, content))

    assert sheet.format == "json"
    assert headers(sheet) == ("make", "model", "price")
    assert cells(sheet) == [("Kia", "Picanto", "2950000"), ("Kia", "Stonic", "")]


def test_nested_json(tmp_path: Path) -> None:
    car = {
        "make": "Kia",
        "specs": {"engine": {"cc": 998}, "model": "Picanto"},
        "images": [{"url": "https://a.pk/1.jpg"}, {"url": "https://a.pk/2.jpg"}],
        "tags": ["a", "b"],
        "attributes": [{"name": "Fuel", "value": "Petrol"}],
        "sold": False,
    }
    sheet = open_sheet(put(tmp_path, json.dumps([car, {**car, "late": "x"}])))

    assert headers(sheet) == (
        "make", "specs.engine.cc", "specs.model", "images.url", "tags", "Fuel", "sold", "late",
    )  # fmt: skip
    assert cells(sheet)[0] == (
        "Kia", "998", "Picanto", "https://a.pk/1.jpg\nhttps://a.pk/2.jpg", "a\nb", "Petrol", "false", "",
    )  # fmt: skip


def test_an_empty_list_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="No list of cars") as refused:
        open_sheet(put(tmp_path, '{"items": []}'))

    assert refused.value.code == "unknown_container"
